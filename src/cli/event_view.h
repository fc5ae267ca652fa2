// An event of the audit, for people and for programs.
#pragma once

#include <nlohmann/json.hpp>

#include "cli/output.h"
#include "history/audit.h"

namespace martlet {

nlohmann::ordered_json event_json(const AuditEvent& event);

/// "V003 → V004", "V003" where nothing changed.
std::string event_versions(const AuditEvent& event);

/// Every field that is set, one a line.
void show_event(Output& output, const AuditEvent& event);

}  // namespace martlet
