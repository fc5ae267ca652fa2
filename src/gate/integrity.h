// `verify`, asked by a run.
#pragma once

#include <string>
#include <vector>

#include "gate/situation.h"

namespace martlet {

/// What `martlet verify` calls bad, one line each: "invalid-indexes: 1 index is invalid: orders_total_idx". Throws
/// only Error{cancelled}.
std::vector<std::string> integrity_problems(const HealthTarget& target);

/// Those of `after` that are not among `before`: what was wrong before a run is not the run's doing.
std::vector<std::string> new_problems(const std::vector<std::string>& before, const std::vector<std::string>& after);

}  // namespace martlet
