#include "plan/budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool works(const StepEffect& effect) {
  return effect.scan || effect.rewrite || effect.rebuilt;
}

std::string work_on(const StepEffect& effect) {
  const std::string_view verb = effect.rewrite ? "writes" : (effect.rebuilt ? "builds" : "reads");
  return fmt::format("{} all of {} under {}", verb, effect.relation, lock_words(effect.lock));
}

std::string seconds(double milliseconds) {
  return milliseconds < 1000 ? fmt::format("{:.0f} ms", milliseconds) : fmt::format("{:.1f} s", milliseconds / 1000);
}

// An index is rebuilt under the lock that its table has.
bool holds_lock(const std::vector<StepEffect>& effects) {
  return std::ranges::any_of(effects, &StepEffect::keeps_others_out);
}

}  // namespace

std::vector<StepEffect> effects_on_others(const Effects& effects, const Catalog& catalog, const CatalogBefore& before,
                                          const RunState& state) {
  std::vector<StepEffect> found;
  for (const RelationEffect& each : effects.relations) {
    const Relation* relation = before.relation(each.id);
    if (!relation) relation = catalog.relations.get(each.id);
    if (!relation || state.created_in_run.contains(each.id)) continue;
    if (relation->persistence == Persistence::temporary || each.schema == "pg_catalog") continue;
    found.push_back({.relation = shown(*relation),
                     .qualified = QualifiedName{relation->schema, relation->name}.text(),
                     .lock = each.strongest(),
                     .rewrite = each.rewrite,
                     .scan = each.scan,
                     .rebuilt = each.rebuilt,
                     .only_read = relation->kind == RelationKind::materialized_view});
  }
  return found;
}

std::string over_budget(const std::vector<StepEffect>& effects, const std::optional<TimeRange>& estimate,
                        double max_block_ms) {
  if (!holds_lock(effects)) return "";
  std::vector<std::string> work;
  for (const StepEffect& each : effects) {
    if (works(each)) work.push_back(work_on(each));
  }
  if (work.empty() || (estimate && estimate->high <= max_block_ms)) return "";
  const std::string how_long =
      estimate ? fmt::format("{} to {}", seconds(estimate->low), seconds(estimate->high)) : "nobody knows how long";
  return fmt::format("{}, {}", join(work, ", "), how_long);
}

double hold_ms(const PlannedStep& step) {
  return step.estimate ? std::max(1.0, step.estimate->high) : 1.0;
}

bool blocks_others(const PlannedStep& step) {
  return holds_lock(step.effects);
}

}  // namespace martlet
