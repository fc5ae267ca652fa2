#include "cli/changelog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/duration.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::array<std::string_view, 9> kEntries{
    "applied", "reverted", "failed", "rolled-back", "rollback-refused", "restored", "stamped", "baseline", "retired"};
constexpr std::array<std::string_view, 7> kIssues{"gate-failed",        "gate-inconclusive", "gate-skipped", "forced",
                                                  "integrity-violated", "backup-skipped",    "killed"};

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::vector<std::string> issues_of(const std::vector<AuditEvent>& events, const AuditEvent& entry) {
  std::vector<std::string> issues;
  const bool tells_itself = entry.event != "applied" && entry.event != "reverted";
  if (tells_itself && !entry.detail.empty()) issues.push_back(entry.detail);
  if (tells_itself) return issues;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    const bool concerns = event->migration.empty() || event->migration == entry.migration;
    if (event->run_id != entry.run_id || !concerns || !is_among(kIssues, event->event)) continue;
    issues.push_back(fmt::format("{}: {}", event->event, event->detail));
  }
  return issues;
}

ChangeLogEntry entry_of(const std::vector<AuditEvent>& events, const AuditEvent& event, const Ledger& ledger) {
  ChangeLogEntry entry{.migration = event.migration,
                       .what = event.event,
                       .at = event.at,
                       .version_before = event.version_before,
                       .version_after = event.version_after,
                       .actor = event.actor,
                       .ticket = event.ticket,
                       .duration_ms = event.duration_ms};
  entry.issues = issues_of(events, event);
  const LedgerRow* row = event.migration.empty() ? nullptr : ledger.find(event.migration);
  if (!row) return entry;
  entry.name = row->name;
  if (event.event != "applied" || row->run_id != event.run_id) return entry;
  entry.backup = row->backup_id;
  if (entry.duration_ms == 0) entry.duration_ms = row->duration_ms;  // one transaction is measured by the server
  return entry;
}

// One line, and no bar that would end the cell.
std::string cell(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c == '|') made += '\\';
    made += c == '\n' || c == '\r' ? ' ' : c;
  }
  return made;
}

std::string versions(const ChangeLogEntry& entry) {
  if (entry.version_before == entry.version_after) return entry.version_before;
  return entry.version_before + " → " + entry.version_after;
}

}  // namespace

std::vector<ChangeLogEntry> change_log(const std::vector<AuditEvent>& events, const Ledger& ledger) {
  std::vector<ChangeLogEntry> entries;
  for (const AuditEvent& event : events) {
    if (is_among(kEntries, event.event)) entries.push_back(entry_of(events, event, ledger));
  }
  return entries;
}

std::string change_log_markdown(const std::vector<ChangeLogEntry>& entries, const std::string& environment) {
  std::string text =
      environment.empty() ? "# Change log\n\n" : fmt::format("# Change log of {}\n\n", cell(environment));
  text +=
      "| migration | what | deployed (UTC) | version before → after | by | ticket | took | backup | issues |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  for (const ChangeLogEntry& entry : entries) {
    const std::string what_is_it = entry.name.empty() ? entry.migration : entry.migration + " " + entry.name;
    text += fmt::format("| {} | {} | {} {} | {} | {} | {} | {} | {} | {} |\n", cell(what_is_it), entry.what,
                        entry.at.substr(0, 10), entry.at.substr(11, 8), cell(versions(entry)), cell(entry.actor),
                        cell(entry.ticket), entry.duration_ms > 0 ? show_duration(Milliseconds(entry.duration_ms)) : "",
                        cell(entry.backup), cell(join(entry.issues, "; ")));
  }
  return text;
}

nlohmann::ordered_json change_log_json(const std::vector<ChangeLogEntry>& entries) {
  auto list = nlohmann::ordered_json::array();
  for (const ChangeLogEntry& entry : entries) {
    list.push_back({{"migration", entry.migration},
                    {"name", entry.name},
                    {"what", entry.what},
                    {"at", entry.at},
                    {"version_before", entry.version_before},
                    {"version_after", entry.version_after},
                    {"actor", entry.actor},
                    {"ticket", entry.ticket},
                    {"duration_ms", entry.duration_ms},
                    {"backup", entry.backup},
                    {"issues", entry.issues}});
  }
  return list;
}

}  // namespace martlet
