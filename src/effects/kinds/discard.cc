// DISCARD.
#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_discard(Execution& execution, const Node& node) {
  const PgQuery__DiscardMode target = node.discard_stmt->target;
  const bool all = target == PG_QUERY__DISCARD_MODE__DISCARD_ALL;
  if (all) execution.refuse_in_transaction("DISCARD ALL");
  if (!all && target != PG_QUERY__DISCARD_MODE__DISCARD_TEMP) return;
  std::vector<ObjectId> temporary;
  execution.catalog.relations.each_of_users([&](const Relation& each) {
    if (each.schema == "pg_temp" && !each.is_index()) temporary.push_back(each.id);
  });
  for (const ObjectId id : temporary) execution.catalog.drop_relation(id);
  if (!all) return;
  execution.session.settings.clear();
  execution.session.search_path = SessionState().search_path;
  execution.session.time_zone.clear();
}

const Registered<StatementKind> kDiscard{
    {.id = "DiscardStmt", .node = PG_QUERY__NODE__NODE_DISCARD_STMT, .execute = execute_discard}};

}  // namespace
}  // namespace martlet
