#include "base/registry.h"
#include "hazard/hazard.h"

namespace martlet {
namespace {

bool begins(const PgQuery__TransactionStmt& statement) {
  return statement.kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN ||
         statement.kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START || statement.chain;
}

bool ends(const PgQuery__TransactionStmt& statement) {
  return statement.kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT ||
         statement.kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK ||
         statement.kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE;
}

// Said of each that begins one, and taken back by the next that ends it.
void check(const Case& at, Findings& found) {
  if (at.in_body) return;
  const PgQuery__TransactionStmt& statement = *at.node->transaction_stmt;
  if (ends(statement)) found.withdraw([](const HazardFinding&) { return true; });
  if (begins(statement)) found.add(at, "the file ends with this transaction open");
}

const Registered<Hazard> kHazard{{
    .id = "unclosed-transaction",
    .severity = Hazard::Severity::warning,
    .summary = "BEGIN without COMMIT",
    .why = "What the file did is rolled back when the session ends, or stays invisible with its locks held for as long "
           "as the session lives: every other session that needs one of them waits.",
    .safe_form = "Remove BEGIN: each file runs in a transaction of its own. In a script for psql, add COMMIT.",
    .on = {PG_QUERY__NODE__NODE_TRANSACTION_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
