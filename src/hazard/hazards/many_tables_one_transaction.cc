#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool is_locked_table(const Case& at, const RelationEffect& effect) {
  const bool is_table = effect.kind == RelationKind::table || effect.kind == RelationKind::partitioned_table;
  return is_table && blocks_writes(effect.strongest()) && !at.is_new(effect.id) &&
         !at.state.write_blocked.contains(root_of(at.catalog, effect.id));
}

// Said once a transaction, of the statement that takes a second table.
void check(const Case& at, Findings& found) {
  if (at.state.write_blocked.empty() || at.state.locked_several || !at.state.in_transaction) return;
  const auto other =
      std::ranges::find_if(at.effects.relations, [&](const auto& each) { return is_locked_table(at, each); });
  if (other == at.effects.relations.end()) return;
  const Relation* first = at.catalog.relations.get(*at.state.write_blocked.begin());
  const std::string second = shown(Relation{.schema = other->schema, .name = other->name});
  HazardFinding& finding = found.add(
      at, fmt::format("locks {} while the transaction holds {}: with one that uses both the other way round it is a "
                      "deadlock",
                      second, first ? shown(*first) : "another table"));
  finding.relations = {second};
  found.offer(finding, at, first);
}

const Registered<Hazard> kHazard{{
    .id = "many-tables-one-transaction",
    .severity = Hazard::Severity::warning,
    .summary = "one transaction locks several tables in use",
    .why = "The first table stays locked while the second is waited for, so the wait for one busy table stops both. "
           "Where the application uses them in the other order, each waits for what the other holds until "
           "deadlock_timeout (1 s), and one of the two is cancelled (SQLSTATE 40P01): perhaps the application's.",
    .safe_form = "A migration for each table.",
    .recipe = "own-transaction",
    .check = check,
}};

}  // namespace
}  // namespace martlet
