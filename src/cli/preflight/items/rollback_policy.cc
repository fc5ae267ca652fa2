#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const std::vector<std::string> on = facts.config().list("rollback.on");
  if (!on.empty()) return PreflightAnswer::pass("taken back by itself on " + join(on, " and "));
  for (const Gate& gate : facts.gates()) {
    if (gate.on_failure == GateAction::rollback)
      return PreflightAnswer::pass("taken back where gate " + gate.name + " fails");
  }
  return PreflightAnswer::unknown("a failed run is left as it is, for a person to decide", "set rollback.on");
}

const Registered<PreflightItem> kItem{{
    .id = "30-rollback_policy",
    .question = "what happens on a failure is decided",
    .part = PreflightPart::during,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
