#include "migration/transaction_control.h"

#include <fmt/format.h>

namespace martlet {
namespace {

std::string what_was_meant(TransactionControl control) {
  switch (control) {
    case TransactionControl::commit:
    case TransactionControl::begin:
      return "remove it: each part runs in a transaction of its own. `-- martlet:no-transaction` runs it outside one, "
             "`-- martlet:batch` commits a data change in pieces";
    case TransactionControl::rollback:
      return "remove it: a part that fails is rolled back as a whole. To make a part fail on a condition use "
             "`-- martlet:check`";
    default:
      return "remove it: `-- martlet:check` tests a condition before the commit";
  }
}

}  // namespace

std::optional<Finding> transaction_control_finding(const Statement& statement, Dialect dialect) {
  const TransactionControl control = transaction_control(statement, dialect);
  if (control == TransactionControl::none || control == TransactionControl::savepoint) return std::nullopt;
  return Finding{Finding::Severity::error, "transaction-control", statement.place,
                 fmt::format("transaction control in a migration: {}", statement.text), what_was_meant(control)};
}

}  // namespace martlet
