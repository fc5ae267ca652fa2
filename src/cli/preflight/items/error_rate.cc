#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  std::vector<std::string> names;
  for (const Gate& gate : facts.gates()) {
    if (gate.when.contains(GateMoment::during)) names.push_back(gate.name);
  }
  if (!names.empty()) return PreflightAnswer::pass("by " + join(names, ", "));
  return PreflightAnswer::unknown("no gate is asked during a run", "add a [[gate]] with when = \"during\"");
}

const Registered<PreflightItem> kItem{{
    .id = "20-error_rate",
    .question = "error rates are watched while it runs",
    .part = PreflightPart::during,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
