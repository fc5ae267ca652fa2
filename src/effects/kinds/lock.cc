// LOCK TABLE (lockcmds.c): with children, and what a view reads.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void lock_all(Execution& execution, ObjectId id, LockMode mode, bool with_children) {
  execution.lock(id, mode);
  const Relation& relation = *execution.catalog.relations.get(id);
  if (relation.is_index() || relation.kind == RelationKind::sequence) {
    execution.fail("42809", fmt::format("\"{}\" is not a table or view", relation.name));
  }
  std::vector<ObjectId> others = with_children ? relation.children : std::vector<ObjectId>();
  if (relation.kind == RelationKind::view && relation.view) {
    for (const ColumnUse& use : relation.view->uses) {
      const bool known = use.relation == id || std::ranges::find(others, use.relation) != others.end();
      if (!known) others.push_back(use.relation);
    }
  }
  for (const ObjectId other : others) lock_all(execution, other, mode, true);
}

void execute_lock(Execution& execution, const Node& node) {
  const PgQuery__LockStmt& statement = *node.lock_stmt;
  // lockdefs.h counts from AccessShareLock = 1
  const auto mode = static_cast<LockMode>(statement.mode - 1);
  for (const Node* each : list(statement.n_relations, statement.relations)) {
    const ObjectId id = execution.relation(qualified_name(*each->range_var)).id;
    lock_all(execution, id, mode, each->range_var->inh != 0);
  }
}

const Registered<StatementKind> kLock{
    {.id = "LockStmt", .node = PG_QUERY__NODE__NODE_LOCK_STMT, .execute = execute_lock}};

}  // namespace
}  // namespace martlet
