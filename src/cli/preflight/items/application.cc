#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  std::vector<Gate> asked;
  for (const Gate& gate : facts.gates()) {
    if (gate.check == "application_start" || gate.kind == "http") asked.push_back(gate);
  }
  if (asked.empty()) {
    return PreflightAnswer::unknown("nothing asks it", "add a [[gate]] that is application_start, or of kind http");
  }
  return hold_gates(facts, asked);
}

const Registered<PreflightItem> kItem{{
    .id = "20-application",
    .question = "the application works",
    .part = PreflightPart::after,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
