#include "cli/run_settings.h"

#include <fmt/format.h>

#include <charconv>

#include "base/registry.h"
#include "base/text.h"
#include "cli/backup_settings.h"
#include "cli/lint/lint.h"
#include "cli/output.h"
#include "cli/safeguards.h"
#include "cli/target.h"
#include "db/connection.h"
#include "migration/folder_reading.h"
#include "plan/digest.h"
#include "run/report.h"

namespace martlet {
namespace {

TxMode tx_mode(const std::string& text) {
  if (text == "all") return TxMode::all;
  if (text == "none") return TxMode::none;
  return text == "file" ? TxMode::file : TxMode::automatic;
}

OutOfOrder out_of_order(const std::string& text) {
  if (text == "allow") return OutOfOrder::allow;
  return text == "warn" ? OutOfOrder::warn : OutOfOrder::error;
}

ThrottleSettings throttle_settings(const Config& config, const Identity& who) {
  ThrottleSettings settings;
  for (const Probe* probe : Registry<Probe>::all()) {
    if (!probe->needs_limit) continue;
    const std::string id(probe->id);
    settings.limits[id] = config.text("throttle." + id);
  }
  settings.probes.application = who.application;
  settings.probes.hook = config.text("throttle.hook");
  settings.probes.hook_timeout = config.duration("throttle.hook_timeout");
  settings.probes.cpus = config.number("throttle.cpus");
  if (config.text("throttle.lost_replica") == "wait") {
    settings.probes.lost_replica = ProbeSettings::LostReplica::wait;
  }
  return settings;
}

// SQLite's files belong to one application, and nothing is planned there.
Phases phases(const Config& config, const Url& url) {
  if (url.dialect() == Dialect::sqlite) return Phases::together;
  const std::string word = config.text("phases");
  if (word.empty()) return config.is_protected() ? Phases::apart : Phases::together;
  return word == "apart" ? Phases::apart : Phases::together;
}

}  // namespace

RunSettings common_settings(Context& context) {
  const Config& config = context.config;
  RunSettings settings;
  settings.url = direct_url(config);
  if (settings.url.empty()) settings.url = target_url(config);
  settings.folder = folder_options(config);
  settings.history = history_options(config);
  settings.who = target_identity(config);
  settings.environment = config.environment();
  settings.protection = config.is_protected() ? RunSettings::Protection::guarded : RunSettings::Protection::open;
  settings.agreed = config.flag("yes");
  settings.confirm = [&output = context.output](const std::string& question) { return output.confirm(question); };
  settings.tx = tx_mode(config.text("tx"));
  settings.phases = phases(config, settings.url);
  settings.phase_wait = config.duration("contract.wait");
  settings.use = {.application = config.text("contract.application"), .query = config.text("contract.query")};
  settings.out_of_order = out_of_order(config.text("out_of_order"));
  settings.lock_wait = config.duration("lock_wait");
  settings.lock_deadline = config.duration("lock_deadline");
  settings.max_block = config.duration("max_block");
  settings.over_block = config.text("over_block") == "say" ? LockBudget::OverBlock::say : LockBudget::OverBlock::cancel;
  settings.throttle = throttle_settings(config, settings.who);
  settings.kill_blockers_after = config.duration("kill_blockers_after");
  settings.statement_timeout = config.duration("statement_timeout");
  settings.wait_lease = config.duration("wait_lease");
  settings.batch_time = config.duration("batch_time");
  settings.batch_workers = config.number("batch_workers");
  settings.skip_errors = config.number("skip_errors");
  settings.placeholders = config.placeholders();
  settings.hooks = {config.text("hooks.before"), config.text("hooks.after"), config.text("hooks.on_failure")};
  return settings;
}

RunSettings run_settings(Context& context) {
  RunSettings settings = common_settings(context);
  settings.force_reason = context.arguments.text("reason");
  const bool forced = context.config.source("yes") == "flag --force";
  if (!settings.force_reason.empty() && !forced && !context.arguments.has("skip-gate")) {
    throw Error(ErrorKind::usage, "--reason says why hazards are run in spite of --force, which is not given");
  }
  if (!forced) settings.force_reason.clear();
  settings.backup = backup_policy(context);
  return settings;
}

RunSettings up_settings(Context& context) {
  auto reading = std::make_shared<FolderReading>(folder_options(context.config));
  RunSettings settings = run_settings(context);
  settings.folder_reading = std::move(reading);
  settings.safeguards = safeguards(context);
  if (settings.guarded() && settings.force_reason.empty() && context.config.source("yes") == "flag --force") {
    throw Error(ErrorKind::usage, fmt::format("--force needs a reason here: {} is protected", settings.environment))
        .leaves("nothing was run")
        .next(
            "say why with --reason \"why\", which is recorded in the audit; or agree to what destroys data with --yes");
  }
  settings.judges = true;
  for (const auto& [id, severity] : judge_settings(context.config).severities) {
    settings.severities[id] = severity_word(severity);
  }
  settings.reviewed_plan = context.arguments.text("plan");
  if (!settings.reviewed_plan.empty()) (void)PlanDigest::parse(settings.reviewed_plan);
  settings.create_database = settings.url.dialect() == Dialect::sqlite || context.arguments.has("create");
  return settings;
}

RunSettings looking_settings(Context& context) {
  auto reading = std::make_shared<FolderReading>(folder_options(context.config));
  RunSettings settings = common_settings(context);
  settings.folder_reading = std::move(reading);
  if (settings.url.dialect() == Dialect::sqlite && !driver_for(settings.url).database_exists(settings.url)) {
    settings.url = Url::parse("sqlite::memory:");
  }
  return settings;
}

Goal goal_up(const Arguments& arguments) {
  const std::string to = arguments.text("to");
  const std::string steps = arguments.text("steps");
  if (!to.empty() && !steps.empty()) throw Error(ErrorKind::usage, "give --to or --steps, not both");
  if (!to.empty()) return Goal::parse(to);
  if (steps.empty()) return {};
  long count = 0;
  const auto [end, failure] = std::from_chars(steps.data(), steps.data() + steps.size(), count);
  if (failure != std::errc() || end != steps.data() + steps.size() || count < 1) {
    throw Error(ErrorKind::usage, fmt::format("--steps {}: not a positive number", steps));
  }
  return {.kind = Goal::Kind::steps, .steps = count};
}

void confirm_base(Context& context, const RunSettings& settings, const Goal& goal) {
  if (goal.kind != Goal::Kind::base || settings.guarded() || settings.agreed) return;
  if (context.output.confirm("Take back every migration?")) return;
  throw Error(ErrorKind::refused, "taking back every migration needs a yes").next("add --yes");
}

namespace {

void show_what_waits(Output& output, const RunReport& report) {
  const auto labels = [&](std::string_view word) {
    std::vector<std::string> found;
    for (const RunItem& each : report.done) {
      if (each.word == word) found.push_back(each.label);
    }
    return join(found, ", ");
  };
  if (const std::string expanded = labels("expand"); !expanded.empty()) {
    output.line(fmt::format("expanded: {}; `martlet contract` when no old code runs any more", expanded));
  }
  if (const std::string contracted = labels("contract"); !contracted.empty()) {
    output.line(fmt::format("contracted: {}; `martlet status` shows what waits to be finished", contracted));
  }
}

}  // namespace

void show_report(Context& context, const RunReport& report) {
  Output& output = context.output;
  Milliseconds total{0};
  for (const RunItem& item : report.done) total += item.elapsed;
  output.json()["version_before"] = report.version_before;
  output.json()["version_after"] = report.version_after;
  output.json()["run_id"] = report.run_id;
  if (report.nothing_to_do()) {
    output.line(fmt::format("nothing to do: the database is at {}", report.version_after));
    return;
  }
  output.line(fmt::format("{} migration{} in {}: {} → {}", report.done.size(), report.done.size() == 1 ? "" : "s",
                          show_duration(total), report.version_before, report.version_after),
              Style::good);
  show_what_waits(output, report);
}

}  // namespace martlet
