#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"
#include "hazard/row_changes.h"

namespace martlet {
namespace {

// Rows are changed while an earlier statement's lock is held.
void look_at_rows(const Case& at, Findings& found) {
  if (!at.state.changed_schema || at.state.write_blocked.empty()) return;
  const Relation* locked = at.catalog.relations.get(*at.state.write_blocked.begin());
  const auto find = [&](const PgQuery__RangeVar& range) { return at.relation(&range); };
  each_row_change(*at.node, at.catalog, find, [&](const ChangedTableRows& change) {
    if (change.by_key || !is_live(at, &change.range)) return;
    HazardFinding& finding =
        found.add(at, fmt::format("changes rows of {} while the transaction holds {}, whose definition it has changed",
                                  shown(change.range), locked ? shown(*locked) : "a lock"));
    finding.relations = {shown(change.range)};
    found.offer(finding, at, change.table, nullptr, nullptr, "batched-rows");
    if (finding.recipe.empty()) found.offer(finding, at, change.table);
  });
}

bool is_locked_table(const Case& at, const RelationEffect& effect) {
  const bool is_table = effect.kind == RelationKind::table || effect.kind == RelationKind::partitioned_table;
  return is_table && blocks_writes(effect.strongest()) && !at.is_new(effect.id);
}

// The definition of a table is changed behind changed rows.
void look_at_definition(const Case& at, Findings& found) {
  const auto table =
      std::ranges::find_if(at.effects.relations, [&](const auto& each) { return is_locked_table(at, each); });
  if (table == at.effects.relations.end()) return;
  const std::string name = shown(Relation{.schema = table->schema, .name = table->name});
  HazardFinding& finding =
      found.add(at, fmt::format("changes the definition of {} in the transaction that has changed rows before: they "
                                "stay locked while it waits for the table",
                                name));
  finding.relations = {name};
  found.offer(finding, at, at.catalog.relations.get(table->id));
}

bool may_change_rows(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      return true;
    default:
      return false;
  }
}

void check(const Case& at, Findings& found) {
  if (!at.node || !at.state.in_transaction) return;
  if (may_change_rows(*at.node)) return look_at_rows(at, found);
  if (at.state.wrote_rows) look_at_definition(at, found);
}

const Registered<Hazard> kHazard{{
    .id = "ddl-with-backfill",
    .severity = Hazard::Severity::error,
    .summary = "a change of definitions and a change of many rows in one transaction",
    .why = "The lock that the one takes is held for as long as the other needs. Adding a column takes a millisecond, "
           "filling it on 2 million rows (146 MB) took 14.4 s, and in one transaction nobody can read the table for "
           "all of that. The other way round, all changed rows stay locked while the change of the definition waits "
           "for its lock, and are lost where it does not get it.",
    .safe_form = "Two migrations: one for the definition, and one for the rows, in batches (-- martlet:batch).",
    .recipe = "own-transaction",
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
