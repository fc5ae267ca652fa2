#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  report_add_column(at, found, "CHECK constraint failed");
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-add-check-violated",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN with a CHECK that the default value violates",
    .why = "The rows that are there get the default value, or NULL, and SQLite tests the CHECK on all of them before "
           "it adds the column. On an empty table the same statement works.",
    .safe_form = "Give it a default that the CHECK allows.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
