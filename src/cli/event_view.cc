#include "cli/event_view.h"

#include <fmt/format.h>

#include "base/duration.h"

namespace martlet {

nlohmann::ordered_json event_json(const AuditEvent& event) {
  return {{"number", event.number},
          {"at", event.at},
          {"event", event.event},
          {"migration", event.migration},
          {"version_before", event.version_before},
          {"version_after", event.version_after},
          {"actor", event.actor},
          {"role", event.role},
          {"host", event.host},
          {"ci", event.ci},
          {"ticket", event.ticket},
          {"run_id", event.run_id},
          {"duration_ms", event.duration_ms},
          {"detail", event.detail},
          {"previous_hash", event.previous_hash},
          {"hash", event.hash}};
}

std::string event_versions(const AuditEvent& event) {
  if (event.version_after.empty() || event.version_before == event.version_after) return event.version_before;
  return event.version_before + " → " + event.version_after;
}

void show_event(Output& output, const AuditEvent& event) {
  output.line(fmt::format("{}  {}  {}", event.number, event.at, event.event), Style::strong);
  const auto field = [&output](std::string_view name, const std::string& text) {
    if (!text.empty()) output.line(fmt::format("  {:<10} {}", name, text));
  };
  field("migration", event.migration);
  field("versions", event_versions(event));
  field("took", event.duration_ms > 0 ? show_duration(Milliseconds(event.duration_ms)) : "");
  field("by", event.actor);
  field("role", event.role);
  field("host", event.host);
  field("ci", event.ci);
  field("ticket", event.ticket);
  field("run", event.run_id);
  field("detail", event.detail);
  field("hash", event.hash);
}

}  // namespace martlet
