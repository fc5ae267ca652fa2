#include "plan/plan.h"

#include <algorithm>

namespace martlet {

LockMode PlannedStep::strongest() const {
  LockMode strongest = LockMode::access_share;
  for (const StepEffect& each : effects) strongest = std::max(strongest, each.lock);
  return strongest;
}

bool PlannedMigration::has(Phase phase) const {
  return std::ranges::any_of(steps, [&](const PlannedStep& each) { return each.phase == phase; });
}

std::vector<const PlannedStep*> PlannedMigration::blocking() const {
  std::vector<const PlannedStep*> found;
  for (const PlannedStep& each : steps) {
    if (!each.over_budget.empty()) found.push_back(&each);
  }
  return found;
}

}  // namespace martlet
