#include "cli/safeguards.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/backup_settings.h"
#include "cli/environment.h"
#include "cli/target.h"

namespace martlet {
namespace {

AutoRollback auto_rollback(const Config& config) {
  AutoRollback policy;
  for (const std::string& word : config.list("rollback.on")) {
    if (word == "failure") {
      policy.on_failure = true;
    } else if (word == "integrity") {
      policy.on_integrity = true;
    } else {
      throw Error(ErrorKind::usage, fmt::format("rollback.on has \"{}\" ({}), but may only have failure and integrity",
                                                word, config.source("rollback.on")))
          .next("a gate says itself what it does: on_failure = \"rollback\"");
    }
  }
  const std::string restore = config.text("rollback.restore");
  if (restore == "fenced") policy.restore = AutoRollback::Restore::fenced;
  if (restore == "always") policy.restore = AutoRollback::Restore::always;
  return policy;
}

std::optional<Promotion> promotion(const Context& context) {
  const std::string name = context.config.text("promote_from");
  if (name.empty()) return std::nullopt;
  if (name == context.config.environment()) {
    throw Error(ErrorKind::usage,
                fmt::format("promote_from is {} itself ({})", name, context.config.source("promote_from")))
        .next("name the environment that comes before it");
  }
  const Config other = of_environment(context, name);
  Promotion wanted{.environment = name, .history = history_options(other)};
  try {
    wanted.url = direct_url(other);
    if (wanted.url.empty()) wanted.url = target_url(other);
  } catch (const Error& error) {
    wanted.problem = error.message;  // for whoever asks for the evidence; a plan needs none
  }
  wanted.longest = context.config.duration("promote_max_duration");
  return wanted;
}

void skip_gates(const Context& context, Safeguards& made) {
  for (const std::string& name : split_list(context.arguments.text("skip-gate"))) {
    if (std::ranges::find(made.gates, name, &Gate::name) == made.gates.end()) {
      std::vector<std::string> names;
      for (const Gate& gate : made.gates) names.push_back(gate.name);
      const auto meant = nearest(name, names);
      throw Error(ErrorKind::usage, fmt::format("--skip-gate {}: there is no such gate", name))
          .next(meant ? fmt::format("did you mean {}?", *meant) : "`martlet gates list` shows them");
    }
    made.skipped.insert(name);
  }
  made.skip_reason = context.arguments.text("reason");
  if (made.skipped.empty() || !made.skip_reason.empty()) return;
  throw Error(ErrorKind::usage, "--skip-gate needs a --reason, which is recorded");
}

}  // namespace

HealthTarget health_target(const Config& config) {
  return {.url = target_url(config),
          .direct_url = direct_url(config),
          .folder = folder_options(config),
          .history = history_options(config),
          .application_name = target_identity(config).application};
}

GateTarget gate_target(const Config& config) {
  return {.health = health_target(config), .run_id = "", .application = ""};
}

std::shared_ptr<const Safeguards> safeguards(const Context& context) {
  const Config& config = context.config;
  Safeguards made{.gates = read_gates(config), .rollback = auto_rollback(config), .promotion = promotion(context)};
  skip_gates(context, made);
  const bool any = !made.gates.empty() || made.rollback.on_failure || made.rollback.on_integrity || made.promotion;
  if (!any) return nullptr;
  made.health = health_target(config);
  made.backup = backup_settings(config);
  return std::make_shared<const Safeguards>(std::move(made));
}

}  // namespace martlet
