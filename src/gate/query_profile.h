// How the server runs a query now, and how it did when that was recorded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/gate.h"
#include "gate/world.h"

namespace martlet {

struct QueryProfile {
  double cost = 0;                   // of the plan, in the planner's unit
  double ms = 0;                     // the shortest of a few executions
  std::vector<std::string> indexes;  // that the plan uses, sorted
  std::string at;                    // when it was recorded; "" = just now
};

/// Plans the gate's query, and executes it a few times, in a transaction that is read-only and rolled back.
QueryProfile profile_query(GateWorld& world, const Gate& gate);
/// Plans it only; `ms` is 0.
QueryProfile plan_query(GateWorld& world, const Gate& gate);

/// The audit's event "baseline" about this gate, as its detail.
std::string baseline_detail(const Gate& gate, const QueryProfile& profile);
/// The latest one of this gate and this query; nullopt where there is none.
std::optional<QueryProfile> recorded_baseline(GateWorld& world, const Gate& gate);

}  // namespace martlet
