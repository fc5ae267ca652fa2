#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  if (drop.remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_INDEX || !at.effects.error) return;
  for (const Node* object : list(drop.n_objects, drop.objects)) {
    const Relation* index = at.relation(qualified_name(object->list->n_items, object->list->items));
    if (!index || !index->index || index->index->constraint == 0) continue;
    const Relation* table = at.before.relation(index->index->table);
    if (!table) continue;
    const auto key = std::ranges::find(table->constraints, index->index->constraint, &Constraint::id);
    if (key == table->constraints.end()) continue;
    HazardFinding& finding =
        found.add(at, fmt::format("{} belongs to constraint {} of {}: the server refuses to drop it", index->name,
                                  key->name, shown(at, *table)));
    finding.relations = {shown(at, *table)};
    finding.finding.next =
        fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", shown(at, *table), quote_where_needed(key->name));
  }
}

const Registered<Hazard> kHazard{{
    .id = "constraint-index-drop",
    .severity = Hazard::Severity::error,
    .summary = "DROP INDEX of an index that a constraint needs",
    .why = "The server refuses it: the index goes with its constraint only.",
    .safe_form = "ALTER TABLE … DROP CONSTRAINT.",
    .on = {PG_QUERY__NODE__NODE_DROP_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
