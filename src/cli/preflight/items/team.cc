#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const Config& config = facts.config();
  for (const ConfigRecord& rule : config.records("alert")) {
    for (const std::string& trigger : split_list(rule.text("on"))) {
      const bool of_any_run = trigger == "started" || trigger == "succeeded";
      if (of_any_run && !config.records("sink").empty()) return PreflightAnswer::pass("by an [[alert]] on " + trigger);
    }
  }
  if (config.is_set("hooks.before")) return PreflightAnswer::pass("by hooks.before");
  return PreflightAnswer::unknown("no alert is sent when a run starts or succeeds",
                                  "tell them, or add an [[alert]] on \"started\" or \"succeeded\"");
}

const Registered<PreflightItem> kItem{{
    .id = "61-team",
    .question = "the team is told of the run",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
