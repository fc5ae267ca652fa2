// Would a statement hold up the application for longer than it may?
#pragma once

#include <string>
#include <vector>

#include "hazard/hazard.h"
#include "plan/plan.h"

namespace martlet {

/// What the statement does to relations that others may be using: not those that the run made, not temporary ones.
std::vector<StepEffect> effects_on_others(const Effects& effects, const Catalog& catalog, const CatalogBefore& before,
                                          const RunState& state);

/// "" where the statement fits: no relation of others is scanned, written anew or rebuilt under a lock that keeps them
/// from reading or writing, or the estimate's upper end is within `max_block_ms`. Otherwise why not, for people:
/// "reads all of orders under ACCESS EXCLUSIVE, 2.1 to 4.0 s". Work whose size nobody knows does not fit.
std::string over_budget(const std::vector<StepEffect>& effects, const std::optional<TimeRange>& estimate,
                        double max_block_ms);

/// How long the step keeps others waiting once it has its locks, milliseconds; a change of the catalog alone is one.
double hold_ms(const PlannedStep& step);
/// Does it lock out readers or writers of a relation that others may be using?
bool blocks_others(const PlannedStep& step);

}  // namespace martlet
