// As it was measured where promote_from says; else as the plan predicts it.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer from_evidence(const std::vector<Evidence>& evidence, Milliseconds longest) {
  Milliseconds total{0};
  for (const Evidence& each : evidence) {
    if (!each.applied) return PreflightAnswer::fail(each.missing.front(), "run it there first");
    if (Milliseconds(each.duration_ms) > longest) {
      return PreflightAnswer::fail(
          fmt::format("{} took {} there", each.label, show_duration(Milliseconds(each.duration_ms))),
          "make it faster, or raise promote_max_duration");
    }
    total += Milliseconds(each.duration_ms);
  }
  return PreflightAnswer::pass(fmt::format("{} there in all", show_duration(total)));
}

PreflightAnswer from_plan(const PendingPlan& plan) {
  double worst = 0;
  for (const PlannedFile& file : plan.files) {
    for (const PlannedStep& step : file.planned.steps) {
      if (!step.known) return PreflightAnswer::unknown(step.statement.place.text() + " could not be analysed");
      if (step.estimate) worst = std::max(worst, step.estimate->high);
    }
  }
  return PreflightAnswer::pass(fmt::format("the longest lock is held for {} at most, as predicted",
                                           show_duration(Milliseconds(static_cast<long long>(worst) + 1))));
}

PreflightAnswer answer(PreflightFacts& facts) {
  if (facts.pending().empty()) return PreflightAnswer::pass("nothing is pending");
  if (const auto* evidence = facts.evidence()) {
    return from_evidence(*evidence, facts.config().duration("promote_max_duration"));
  }
  const PendingPlan* plan = facts.plan();
  return plan ? from_plan(*plan) : PreflightAnswer::unknown("nothing was measured: promote_from names no environment");
}

const Registered<PreflightItem> kItem{{
    .id = "31-performance",
    .question = "how long it takes is known and acceptable",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
