// Gates as they are shown.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/output.h"
#include "gate/trial.h"

namespace martlet {

/// What one gate said, as a row of a table and as JSON. A gate that does not apply here is "skipped".
std::vector<Cell> verdict_cells(const std::string& name, const GateVerdict& verdict);
nlohmann::ordered_json verdict_json(const std::string& name, const GateVerdict& verdict);

/// "ok", "bad", "unknown", "skipped".
std::string_view verdict_word(const GateVerdict& verdict);

}  // namespace martlet
