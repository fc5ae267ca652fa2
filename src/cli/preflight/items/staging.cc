#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const auto* evidence = facts.evidence();
  if (!evidence) return PreflightAnswer::unknown("no environment comes before this one", "set promote_from");
  std::vector<std::string> missing;
  for (const Evidence& each : *evidence) {
    if (!each.applied || !each.gates_passed)
      missing.push_back(each.missing.empty() ? each.label : each.missing.front());
  }
  if (missing.empty()) return PreflightAnswer::pass(fmt::format("{} passed there", evidence->size()));
  return PreflightAnswer::fail(join(missing, "; "), "run it there first");
}

const Registered<PreflightItem> kItem{{
    .id = "40-staging",
    .question = "it was tested in staging",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
