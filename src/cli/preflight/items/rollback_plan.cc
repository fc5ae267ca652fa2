#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const std::vector<const LedgerRow*> rows = facts.last_run();
  if (rows.empty()) return PreflightAnswer::unknown("no run has applied anything yet");
  std::vector<std::string> without;
  for (const StandingEntry& entry : facts.course().entries()) {
    const bool of_run = entry.row && entry.row->run_id == rows.front()->run_id;
    const bool repeatable = entry.migration && entry.migration->kind == MigrationKind::repeatable;
    if (of_run && !repeatable && (!entry.migration || !entry.migration->down)) without.push_back(entry.label());
  }
  if (without.empty()) return PreflightAnswer::pass(fmt::format("`martlet down {}`", rows.size()));
  if (!rows.front()->backup_id.empty()) {
    return PreflightAnswer::pass(fmt::format("`martlet restore {}`", rows.front()->backup_id));
  }
  return PreflightAnswer::fail("no down, and no backup, of " + join(without, ", "), "write a down");
}

const Registered<PreflightItem> kItem{{
    .id = "50-rollback_plan",
    .question = "there is a way back",
    .part = PreflightPart::after,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
