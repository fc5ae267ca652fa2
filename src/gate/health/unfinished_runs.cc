// What a crash in the middle of statements outside a transaction left half-done.
#include <fmt/format.h>

#include <map>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/lease_use.h"
#include "gate/listing.h"
#include "history/journal.h"

namespace martlet {
namespace {

// Migration → one line about it; a migration may be in the journal, in the ledger, or in both.
std::map<std::string, std::string> unfinished(HealthSituation& situation) {
  std::map<std::string, std::string> lines;
  for (const LedgerRow& row : situation.ledger().rows()) {
    if (row.state != LedgerState::running && row.state != LedgerState::failed) continue;
    lines[row.id] = fmt::format("{} {}: {} since {}", row.id, row.name, state_name(row.state), row.applied_at);
  }
  if (situation.ledger().unfinished() == 0) return lines;
  // In the order of steps: the last one says how far it came.
  for (const JournalEntry& entry : read_unfinished(situation.connection(), situation.names)) {
    lines[entry.migration] = fmt::format("{} {}: statement {} is \"{}\" ({})", entry.migration, entry.direction,
                                         entry.step + 1, step_state_name(entry.state), entry.updated_at);
  }
  return lines;
}

HealthResult run(HealthSituation& situation) {
  std::vector<std::string> details;
  for (auto& [migration, line] : unfinished(situation)) details.push_back(std::move(line));
  if (details.empty()) return HealthResult::good("none");
  const LeaseUse use = look_at_lease(situation.connection(), situation.names);
  if (use.state == LeaseUse::State::held) {
    return HealthResult::warning("a run is at work now", "wait until it has ended", std::move(details));
  }
  return HealthResult::bad(
      ErrorKind::partial,
      fmt::format("{} begun and not finished", counted(details.size(), "migration is", "migrations are")),
      "go on with `martlet resume`, or settle it by hand and tell martlet with `martlet repair`",
      shortened(std::move(details)));
}

const Registered<HealthCheck> kCheck{{
    .id = "unfinished-runs",
    .summary = "no migration is half-done",
    .topic = HealthTopic::history,
    .needs = HealthNeed::history,
    .run = run,
}};

}  // namespace
}  // namespace martlet
