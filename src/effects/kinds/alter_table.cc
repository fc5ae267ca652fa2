// ALTER TABLE, and ALTER INDEX, VIEW, SEQUENCE, MATERIALIZED VIEW, FOREIGN TABLE and TYPE (of a composite type) as far
// as they share its sub-commands, which are in alter_table/.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

struct Target {
  PgQuery__ObjectType type;
  RelationKind kind;
  std::string_view words;
};

constexpr std::array<Target, 7> kTargets{{
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, RelationKind::table, "a table"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, RelationKind::index, "an index"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, RelationKind::sequence, "a sequence"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, RelationKind::view, "a view"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, RelationKind::materialized_view, "a materialized view"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE, RelationKind::foreign_table, "a foreign table"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, RelationKind::composite_type, "a composite type"},
}};

const Target& target_of(const PgQuery__AlterTableStmt& statement) {
  const auto at = std::ranges::find(kTargets, statement.objtype, &Target::type);
  return at == kTargets.end() ? kTargets.front() : *at;
}

// RangeVarCallbackForAlterRelation: ALTER TABLE takes nearly everything, the others only what they say.
void require_kind(Execution& execution, const Relation& relation, const Target& target) {
  if (relation.schema == "pg_catalog") {
    execution.fail("42501", fmt::format("permission denied: \"{}\" is a system catalog", relation.name));
  }
  const bool is_composite = relation.kind == RelationKind::composite_type;
  if (target.kind == RelationKind::table) {
    if (is_composite) execution.fail("42809", fmt::format("\"{}\" is a composite type", relation.name));
    return;
  }
  if (relation.kind == target.kind || (target.kind == RelationKind::index && relation.is_index())) return;
  execution.fail("42809", fmt::format("\"{}\" is not {}", relation.name, target.words));
}

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
  const Target& target = target_of(statement);
  if (statement.missing_ok && execution.catalog.complete && !execution.find_relation(name)) return;
  const LockMode lock = lock_of(execution, statement);
  const ObjectId id = execution.relation(name, target.kind).id;
  require_kind(execution, *execution.catalog.relations.get(id), target);
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
