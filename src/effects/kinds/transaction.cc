// BEGIN, COMMIT, ROLLBACK, SAVEPOINT, …
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void set_savepoint(Execution& execution, std::string name) {
  SessionState& session = execution.session;
  session.savepoints.push_back(
      {std::move(name), execution.catalog.mark(), std::make_shared<const SessionState>(session)});
}

void begin_transaction(Execution& execution) {
  if (!execution.session.in_transaction) set_savepoint(execution, "");
  execution.session.in_transaction = true;
}

void end_transaction(Execution& execution, bool chain) {
  execution.session.end_transaction();
  execution.session.in_transaction = chain;
}

std::vector<Savepoint>::iterator savepoint(const Execution& execution, std::string_view name) {
  auto& all = execution.session.savepoints;
  const auto at = std::ranges::find(all.rbegin(), all.rend(), name, &Savepoint::name);
  if (at != all.rend()) return std::prev(at.base());
  execution.fail("3B001", fmt::format("savepoint \"{}\" does not exist", name));
}

// It stays to be gone back to once more.
void roll_back_to(Execution& execution, std::string_view name) {
  const auto at = savepoint(execution, name);
  std::vector<Savepoint> kept(execution.session.savepoints.begin(), std::next(at));
  const Savepoint target = *at;
  execution.catalog.roll_back(target.mark);
  execution.session = *target.session;
  execution.session.savepoints = std::move(kept);
}

// Where the transaction was open before the first statement, what is rolled back is not all known.
void roll_back(Execution& execution, bool chain) {
  const auto& savepoints = execution.session.savepoints;
  if (execution.session.in_transaction) {
    if (savepoints.empty() || !savepoints.front().name.empty()) {
      execution.not_known("what is rolled back stays in the model");
    } else {
      roll_back_to(execution, "");
    }
  }
  end_transaction(execution, chain);
}

void require_transaction(const Execution& execution, std::string_view words) {
  if (execution.session.in_transaction) return;
  execution.fail("25P01", fmt::format("{} can only be used in transaction blocks", words));
}

void execute_transaction(Execution& execution, const Node& node) {
  const PgQuery__TransactionStmt& statement = *node.transaction_stmt;
  switch (statement.kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
      return begin_transaction(execution);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE:
      return end_transaction(execution, statement.chain != 0);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
      return roll_back(execution, statement.chain != 0);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
      require_transaction(execution, "ROLLBACK TO SAVEPOINT");
      return roll_back_to(execution, statement.savepoint_name);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE:
      require_transaction(execution, "RELEASE SAVEPOINT");
      execution.session.savepoints.erase(savepoint(execution, statement.savepoint_name),
                                         execution.session.savepoints.end());
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT:
      require_transaction(execution, "SAVEPOINT");
      return set_savepoint(execution, statement.savepoint_name);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED:
      return execution.refuse_in_transaction("COMMIT PREPARED");
    default:
      return execution.refuse_in_transaction("ROLLBACK PREPARED");
  }
}

const Registered<StatementKind> kTransaction{
    {.id = "TransactionStmt", .node = PG_QUERY__NODE__NODE_TRANSACTION_STMT, .execute = execute_transaction}};

}  // namespace
}  // namespace martlet
