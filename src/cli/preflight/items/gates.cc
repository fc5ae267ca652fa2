#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  std::vector<Gate> before;
  for (const Gate& gate : facts.gates()) {
    if (gate.when.contains(GateMoment::before)) before.push_back(gate);
  }
  if (before.empty()) return PreflightAnswer::unknown("no gate stands before a run", "add a [[gate]] to martlet.toml");
  return hold_gates(facts, before);
}

const Registered<PreflightItem> kItem{{
    .id = "80-gates",
    .question = "the gates before the run pass",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
