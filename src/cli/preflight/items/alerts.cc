#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const Config& config = facts.config();
  const std::vector<ConfigRecord> rules = config.records("alert");
  const bool any_sink = !config.records("sink").empty();
  // Without a rule, sinks are told what goes wrong; a rule without `on` is about that too.
  const bool of_failure = rules.empty() || std::ranges::any_of(rules, [](const ConfigRecord& rule) {
                            const std::vector<std::string> on = split_list(rule.text("on"));
                            return on.empty() || std::ranges::find(on, "failed") != on.end();
                          });
  if (any_sink && of_failure) return PreflightAnswer::pass("a failure is told to a [[sink]]");
  if (config.is_set("hooks.on_failure")) return PreflightAnswer::pass("hooks.on_failure tells somebody");
  return PreflightAnswer::fail("nobody is told of a failure",
                               any_sink ? "add an [[alert]] on \"failed\"" : "add a [[sink]] (docs/alerts.md)");
}

const Registered<PreflightItem> kItem{{
    .id = "60-alerts",
    .question = "alerts are configured",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
