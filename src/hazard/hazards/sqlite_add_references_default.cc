#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  report_add_column(at, found, "REFERENCES column with non-NULL default");
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-add-references-default",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN with REFERENCES and a default",
    .why = "With foreign keys on, the rows that are there would all point to the default value, which nobody has "
           "looked for in the other table: SQLite refuses anything but NULL. On an empty table, or with foreign keys "
           "off, the same statement works.",
    .safe_form = "Add it without the default and set the values by UPDATE, where the foreign key is watched.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
