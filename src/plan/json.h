// Plans as JSON: what `plan --json` prints, and what is stored so that a run can be resumed by it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "plan/plan.h"

namespace martlet {

nlohmann::ordered_json to_json(const PlannedStep& step);
nlohmann::ordered_json to_json(const PlannedMigration& migration);
nlohmann::ordered_json to_json(const Plan& plan);

/// The stored form, with all that running needs and nothing that was only predicted. The data of a COPY is not in it.
std::string stored_text(const PlannedMigration& migration);
/// Throws Error{partial} for a text that this martlet cannot read.
PlannedMigration from_stored(const std::string& text);

}  // namespace martlet
