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
  std::vector<ObjectId> others = with_children ? relation.children : std::vector<ObjectId>();
  if (relation.kind == RelationKind::view && relation.view) {
    for (const ColumnUse& use : relation.view->uses) {
      const bool known = use.relation == id || std::ranges::find(others, use.relation) != others.end();
      if (!known) others.push_back(use.relation);
    }
  }
  for (const ObjectId other : others) lock_all(execution, other, mode, true);
}

// RangeVarCallbackForLockTable
void require_table_or_view(const Execution& execution, const Relation& relation) {
  const bool fits = relation.kind == RelationKind::table || relation.kind == RelationKind::partitioned_table ||
                    relation.kind == RelationKind::view;
  if (!fits) execution.fail("42809", fmt::format("cannot lock relation \"{}\"", relation.name));
}

void execute_lock(Execution& execution, const Node& node) {
  const PgQuery__LockStmt& statement = *node.lock_stmt;
  // lockdefs.h counts from AccessShareLock = 1
  const auto mode = static_cast<LockMode>(statement.mode - 1);
  for (const Node* each : list(statement.n_relations, statement.relations)) {
    const Relation& relation = execution.relation(qualified_name(*each->range_var));
    require_table_or_view(execution, relation);
    lock_all(execution, relation.id, mode, each->range_var->inh != 0);
  }
}

const Registered<StatementKind> kLock{
    {.id = "LockStmt", .node = PG_QUERY__NODE__NODE_LOCK_STMT, .execute = execute_lock}};

}  // namespace
}  // namespace martlet
