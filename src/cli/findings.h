// Findings of `validate` on the screen.
#pragma once

#include <vector>

#include "cli/output.h"
#include "migration/migration.h"

namespace martlet {

/// One line each, "file:line:column: error: message [id]", with what to do next below; as `findings` with --json.
void show_findings(Output& output, const std::vector<Finding>& findings);

/// "error", "warning" or "note".
std::string_view severity_name(Finding::Severity severity);

}  // namespace martlet
