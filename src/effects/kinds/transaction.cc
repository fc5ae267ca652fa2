// BEGIN, COMMIT, ROLLBACK, SAVEPOINT, … What a ROLLBACK takes back is not taken back on the model.
#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void end_transaction(Execution& execution, bool chain) {
  execution.session.end_transaction();
  execution.session.in_transaction = chain;
}

void execute_transaction(Execution& execution, const Node& node) {
  const PgQuery__TransactionStmt& statement = *node.transaction_stmt;
  switch (statement.kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
      execution.session.in_transaction = true;
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE:
      return end_transaction(execution, statement.chain != 0);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
      if (execution.session.in_transaction) execution.not_known("what is rolled back stays in the model");
      if (statement.kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK) {
        end_transaction(execution, statement.chain != 0);
      }
      return;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED:
      return execution.refuse_in_transaction("COMMIT PREPARED");
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_PREPARED:
      return execution.refuse_in_transaction("ROLLBACK PREPARED");
    default:
      if (!execution.session.in_transaction) {
        execution.fail("25P01", "SAVEPOINT can only be used in transaction blocks");
      }
  }
}

const Registered<StatementKind> kTransaction{
    {.id = "TransactionStmt", .node = PG_QUERY__NODE__NODE_TRANSACTION_STMT, .execute = execute_transaction}};

}  // namespace
}  // namespace martlet
