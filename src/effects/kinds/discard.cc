// DISCARD.
#include "base/registry.h"
#include "effects/definition.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void drop_temporary(Execution& execution) {
  std::vector<ObjectId> temporary;
  execution.catalog.relations.each_of_users([&](const Relation& each) {
    if (each.schema == "pg_temp" && !each.is_index() && !each.owned_by.relation) temporary.push_back(each.id);
  });
  drop_with_dependents(execution, temporary, DropBehavior::cascade);
}

void execute_discard(Execution& execution, const Node& node) {
  const PgQuery__DiscardMode target = node.discard_stmt->target;
  const bool all = target == PG_QUERY__DISCARD_MODE__DISCARD_ALL;
  if (all) execution.refuse_in_transaction("DISCARD ALL");
  if (all || target == PG_QUERY__DISCARD_MODE__DISCARD_TEMP) drop_temporary(execution);
  if (!all) return;
  execution.session.reset_all();
  execution.session.prepared.clear();
}

const Registered<StatementKind> kDiscard{
    {.id = "DiscardStmt", .node = PG_QUERY__NODE__NODE_DISCARD_STMT, .execute = execute_discard}};

}  // namespace
}  // namespace martlet
