// What is pending can be planned on this catalog; on SQLite, be read.
#include "run/dry_run.h"

#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"
#include "cli/run_settings.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const std::size_t count = facts.pending().size();
  if (count == 0) return PreflightAnswer::pass("nothing is pending");
  if (const PendingPlan* plan = facts.plan()) {
    return PreflightAnswer::pass(fmt::format("{} pending, plan {}", count, plan->digest.text()));
  }
  RunSettings settings = facts.settings();
  settings.events = nullptr;
  const auto shown = dry_run(settings, Direction::up, goal_up(facts.context.arguments));
  return PreflightAnswer::pass(fmt::format("{} pending, each statement understood", shown.size()));
}

const Registered<PreflightItem> kItem{{
    .id = "11-dry_run",
    .question = "the dry run succeeds",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
