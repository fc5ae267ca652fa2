// The plan has no step over the budget, and no hazard is left that it does not make good.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const PendingPlan* plan = facts.plan();
  if (!plan) return PreflightAnswer::unknown("only PostgreSQL has locks that a plan could avoid");
  std::vector<std::string> found;
  for (const PlannedFile& file : plan->files) {
    for (const PlannedStep* step : file.planned.blocking()) {
      found.push_back(fmt::format("{}: {}", step->statement.place.text(), step->over_budget));
    }
    for (const HazardFinding& each : file.findings) {
      if (each.finding.severity != Finding::Severity::error || each.finding.id == "missing-down") continue;
      found.push_back(fmt::format("{}: {} [{}]", each.finding.place.text(), each.finding.message, each.finding.id));
    }
  }
  if (found.empty()) return PreflightAnswer::pass("no step is over max_block, no hazard is left");
  const std::string more = found.size() > 1 ? fmt::format(" (and {} more)", found.size() - 1) : "";
  return PreflightAnswer::fail(found.front() + more, "`martlet lint` shows the safe forms, `martlet plan` the steps");
}

const Registered<PreflightItem> kItem{{
    .id = "30-zero_downtime",
    .question = "nothing that is pending holds up the application",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
