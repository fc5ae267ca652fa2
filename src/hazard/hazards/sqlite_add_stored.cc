#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  report_add_column(at, found, "cannot add a STORED column");
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-add-stored",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN of a generated column that is STORED",
    .why = "SQLite writes no row when it adds a column, so the values of a stored one would be missing. On an empty "
           "table the same statement works.",
    .safe_form =
        "A VIRTUAL generated column can be added, and an index on it stores its values. Or build the table anew.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
