#include "migration/transaction_control.h"

#include "base/registry.h"
#include "hazard/hazard.h"

namespace martlet {
namespace {

// What the statement is, is asked of its words: SQLite has no tree, and PostgreSQL's need not parse.
bool may_be(const Case& at) {
  return !at.in_body && (!at.node || at.node->node_case == PG_QUERY__NODE__NODE_TRANSACTION_STMT);
}

// Without ROLLBACK what stands before it would stay, without PREPARE it would be there at once; where no transaction is
// around the file, what BEGIN and COMMIT held together would fall apart.
bool can_go(const Case& at, TransactionControl control) {
  if (control == TransactionControl::rollback || !at.state.wants_transaction) return false;
  return !at.node || at.node->transaction_stmt->kind != PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE;
}

void check(const Case& at, Findings& found) {
  if (!may_be(at)) return;
  const Dialect dialect = at.sqlite ? Dialect::sqlite : Dialect::postgres;
  const std::optional<Finding> finding = transaction_control_finding(at.statement, dialect);
  if (!finding) return;
  HazardFinding& added = found.add(at, finding->message);
  added.finding.next = finding->next;
  if (can_go(at, transaction_control(at.statement, dialect))) added.fix = TextFix{.removes_statement = true};
}

const Registered<Hazard> kHazard{{
    .id = "transaction-control",
    .severity = Hazard::Severity::error,
    .summary = "BEGIN, COMMIT or ROLLBACK in a migration",
    .why = "A migration and the row that records it are committed together. A COMMIT in its middle ends that: what "
           "fails behind it leaves half a migration that is recorded as none, and the next run begins it again.",
    .safe_form = "Remove it. What must not share a transaction belongs into migrations of their own; "
                 "`-- martlet:no-transaction` runs a file outside one, `-- martlet:batch` commits a data change in "
                 "pieces.",
    .check = check,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
