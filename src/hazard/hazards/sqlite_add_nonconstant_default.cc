#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  report_add_column(at, found, "non-constant default");
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-add-nonconstant-default",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN with a default that is no constant",
    .why = "SQLite writes no row when it adds a column: the default is read from the schema for those that are there, "
           "and has to be the same for all of them. CURRENT_TIMESTAMP and expressions in parentheses are refused; on "
           "an empty table they work.",
    .safe_form = "Add the column without the default and fill it, or build the table anew with the default in it.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
