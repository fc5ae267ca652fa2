// ALTER TABLE, and ALTER INDEX, VIEW, SEQUENCE, MATERIALIZED VIEW, FOREIGN TABLE and TYPE (of a composite type) as far
// as they share its sub-commands, which are in alter_table/.
#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"

namespace martlet {
namespace {

// The strongest that any sub-command asks for (AlterTableGetLockLevel).
LockMode lock_of(Execution& execution, const PgQuery__AlterTableStmt& statement) {
  LockMode strongest = LockMode::share_update_exclusive;
  for (const Node* each : list(statement.n_cmds, statement.cmds)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    const AlterAction* action = alter_action(command.subtype);
    if (!action) {
      execution.not_known("a sub-command of ALTER TABLE that is not in the model");
      return LockMode::access_exclusive;
    }
    if (action->begin) action->begin(execution, command);
    strongest = std::max(strongest, action->lock_of ? action->lock_of(command) : action->lock);
  }
  return strongest;
}

void alter_table(Execution& execution, const Node& node) {
  const PgQuery__AlterTableStmt& statement = *node.alter_table_stmt;
  const QualifiedName name = qualified_name(*statement.relation);
  if (statement.missing_ok && execution.catalog.complete && !execution.find_relation(name)) return;
  const LockMode lock = lock_of(execution, statement);
  const ObjectId id = execution.relation(name, named_kind(statement.objtype)).id;
  require_altered_kind(execution, *execution.catalog.relations.get(id), statement.objtype, AlterForm::sub_command);
  execution.lock(id, lock);
  AlterTable alter(execution, lock);
  for (const Node* each : list(statement.n_cmds, statement.cmds)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    if (const AlterAction* action = alter_action(command.subtype)) {
      alter.prepare(*action, command, id, statement.relation->inh, false);
    }
  }
  alter.run();
}

const Registered<StatementKind> kAlterTable{
    {.id = "AlterTableStmt", .node = PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, .execute = alter_table}};

}  // namespace
}  // namespace martlet
