#include "base/registry.h"
#include "hazard/sqlite_outside_transaction.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  check_outside_transaction(at, found, "vacuum", "fails");
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-vacuum-in-transaction",
    .severity = Hazard::Severity::error,
    .summary = "VACUUM in a transaction",
    .why = "VACUUM builds the file anew and is refused in a transaction. martlet runs a file that has one without a "
           "transaction, so that a failure in its middle leaves the first half behind.",
    .safe_form = "VACUUM in a migration of its own, with -- martlet:no-transaction.",
    .check = check,
    .finish = withdraw_where_alone,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
