#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"
#include "run/gate_record.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  std::vector<Gate> asked;
  for (const Gate& gate : facts.gates()) {
    const bool about_queries = has_baseline(gate) || gate.kind == "prometheus" || gate.kind == "sql";
    if (about_queries && gate.when.contains(GateMoment::after)) asked.push_back(gate);
  }
  if (asked.empty()) return PreflightAnswer::unknown("nothing measures it", "add a [[gate]], such as query_regression");
  return hold_gates(facts, asked);
}

const Registered<PreflightItem> kItem{{
    .id = "30-performance_after",
    .question = "performance is as it was",
    .part = PreflightPart::after,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
