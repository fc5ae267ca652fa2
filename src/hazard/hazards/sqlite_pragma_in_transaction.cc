#include "base/registry.h"
#include "hazard/sqlite_outside_transaction.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  check_outside_transaction(at, found, "pragma", "has no effect or fails");
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-pragma-in-transaction",
    .severity = Hazard::Severity::error,
    .summary = "PRAGMA foreign_keys, journal_mode or synchronous in a transaction",
    .why = "PRAGMA foreign_keys does nothing in a transaction and says nothing; journal_mode and synchronous fail. "
           "martlet runs a file that has one of them without a transaction, so that a failure in its middle leaves the "
           "first half behind.",
    .safe_form = "Set it in the connection's URL, or in a file of its own with -- martlet:no-transaction. Inside a "
                 "transaction, PRAGMA defer_foreign_keys = ON puts the test off until the commit.",
    .check = check,
    .finish = withdraw_where_alone,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
