#include "plan/plan.h"

#include <algorithm>

namespace martlet {

bool StepEffect::keeps_others_out() const {
  return only_read ? blocks_reads(lock) : blocks_writes(lock);
}

std::string OldName::text() const {
  return column.empty() ? table : table + "." + quote_where_needed(column);
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
