// The change log of the deployments, as Markdown, from the audit.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "history/audit.h"
#include "history/ledger.h"

namespace martlet {

/// One deployment of one migration, or what went wrong instead.
struct ChangeLogEntry {
  std::string migration, name;  // "" for what is of a whole run
  std::string what;             // "applied", "reverted", "failed", "rolled-back", "restored", …
  std::string at;               // ISO 8601, UTC
  std::string version_before, version_after;
  std::string actor, ticket;
  std::string backup;  // taken before it; "" = none
  long long duration_ms = 0;
  std::vector<std::string> issues;  // of the same run: failed gates, overrides, …
};

/// Newest first, as the events are. `events`: all of the audit; the ledger tells names and backups.
std::vector<ChangeLogEntry> change_log(const std::vector<AuditEvent>& events, const Ledger& ledger);

/// A heading and a table.
std::string change_log_markdown(const std::vector<ChangeLogEntry>& entries, const std::string& environment);
nlohmann::ordered_json change_log_json(const std::vector<ChangeLogEntry>& entries);

}  // namespace martlet
