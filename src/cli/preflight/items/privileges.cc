// And whatever else `martlet doctor` asks.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"
#include "cli/safeguards.h"
#include "gate/health.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  HealthSituation situation(health_target(facts.config()));
  std::vector<std::string> bad;
  for (const HealthReport& report : examine(situation, AskedBy::doctor)) {
    if (report.result.state != HealthState::bad) continue;
    bad.push_back(fmt::format("{}: {}", report.check->id, report.result.message));
  }
  if (bad.empty()) return PreflightAnswer::pass("doctor finds nothing bad");
  return PreflightAnswer::fail(join(bad, "; "), "`martlet doctor` says what to do");
}

const Registered<PreflightItem> kItem{{
    .id = "71-privileges",
    .question = "the role may do what a run needs",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
