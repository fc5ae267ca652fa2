#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  if (drop.remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_INDEX || !drop.concurrent) return;
  for (const Node* object : list(drop.n_objects, drop.objects)) {
    const Relation* index = at.relation(qualified_name(object->list->n_items, object->list->items));
    if (!index || index->kind != RelationKind::partitioned_index) continue;
    HazardFinding& finding = found.add(
        at,
        fmt::format("{} is the index of a partitioned table: the server refuses to drop it CONCURRENTLY", index->name));
    finding.relations = {shown(at, *index)};
  }
}

const Registered<Hazard> kHazard{{
    .id = "partitioned-drop-concurrently",
    .severity = Hazard::Severity::error,
    .summary = "DROP INDEX CONCURRENTLY of a partitioned table's index",
    .why = "The server refuses it: cannot drop partitioned index concurrently.",
    .safe_form = "DROP INDEX, which locks the table and all its partitions ACCESS EXCLUSIVE for a moment: with a "
                 "short lock_timeout, again until it succeeds.",
    .on = {PG_QUERY__NODE__NODE_DROP_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
