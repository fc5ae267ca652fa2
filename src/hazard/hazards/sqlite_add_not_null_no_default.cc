#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  report_add_column(at, found, "NOT NULL column with default value NULL");
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-add-not-null-no-default",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN NOT NULL without a default",
    .why = "SQLite adds a column without touching the rows, so it refuses one that the rows there are could not have. "
           "On an empty table, as a developer or a test has it, the same statement works.",
    .safe_form = "Give it a constant default, or build the table anew: create, copy, drop, rename.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
