// What holds the audit's events together, and where it does not hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/audit.h"

namespace martlet {

/// The event as one line of JSON: sorted keys, no white space, its hash last among equals. The same bytes whoever
/// computes them; `read_audit_line` takes them apart again.
std::string audit_line(const AuditEvent& event);
/// nullopt where the line is not an event.
std::optional<AuditEvent> read_audit_line(std::string_view line);

/// SHA-256 of the previous hash and the event's line without its own hash.
std::string audit_hash(const AuditEvent& event);

struct ChainBreak {
  long long number = 0;  // the first event that does not hold
  std::string why;       // "its text is not what was recorded", "event 4 is missing", …
};

/// The first event of the chain that was changed, or is missing, or follows a missing one; in any order of `events`.
/// A chain may begin later than with event 1 where `from` says so (a copy that was begun later).
std::optional<ChainBreak> find_chain_break(const std::vector<AuditEvent>& events, long long from = 1);

}  // namespace martlet
