// There, where promote_from says; else here, by `martlet test --record` or a down that ran.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

bool is_tested(const std::vector<AuditEvent>& audit, const Migration& migration) {
  return std::ranges::any_of(audit, [&](const AuditEvent& event) {
    if (event.migration != migration.id) return false;
    return event.event == "reverted" || (event.event == "rollback-tested" && event.detail == migration.checksum);
  });
}

PreflightAnswer answer(PreflightFacts& facts) {
  std::vector<std::string> untested;
  if (const auto* evidence = facts.evidence()) {
    for (const Evidence& each : *evidence) {
      if (!each.rollback_tested) untested.push_back(each.label);
    }
  } else {
    for (const StandingEntry* entry : facts.pending()) {
      const Migration& migration = *entry->migration;
      const bool needs_none = migration.kind == MigrationKind::repeatable || migration.irreversible;
      if (!needs_none && !is_tested(facts.audit(), migration)) untested.push_back(entry->label());
    }
  }
  if (untested.empty()) return PreflightAnswer::pass("of all that is pending");
  return PreflightAnswer::fail("not of " + join(untested, ", "),
                               "`martlet test --record` proves them on a scratch database and records it");
}

const Registered<PreflightItem> kItem{{
    .id = "21-rollback_tested",
    .question = "the rollback was tested",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
