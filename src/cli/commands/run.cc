#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/target.h"
#include "watch/running.h"
#include "watch/throttle.h"

namespace martlet {
namespace {

void show_text(Output& output, const Running& running) {
  const RunProgress& progress = running.row.progress;
  const auto line = [&](std::string_view what, const std::string& text) {
    if (!text.empty()) output.line(fmt::format("{:<11}{}", what, text));
  };
  line("run", running.holder.text());
  line("state", running.state());
  if (!progress.migration.empty()) {
    line("at", fmt::format("{}, statement {} of {}{}", progress.migration, progress.step, progress.steps,
                           progress.doing.empty() ? "" : " (" + progress.doing + ")"));
  }
  if (progress.units_done > 0 || progress.units_total > 0) line("done", units_text(progress));
  line("because", progress.reason);
  if (running.row.wish != Wish::none) {
    line("wished", fmt::format("{} by {}", wish_word(running.row.wish), running.row.wished_by));
  }
  line("limits", running.row.limits);
  if (running.row.age) line("reported", show_duration(*running.row.age) + " ago");
}

void show_json(Output& output, const Running& running) {
  const RunProgress& progress = running.row.progress;
  auto& json = output.json()["run"];
  json = {{"run_id", running.run_id},
          {"holder", running.holder.text()},
          {"state", running.state()},
          {"migration", progress.migration},
          {"step", progress.step},
          {"steps", progress.steps},
          {"doing", progress.doing},
          {"units_done", progress.units_done},
          {"units_total", progress.units_total},
          {"unit", progress.unit},
          {"units_per_second", progress.units_per_second},
          {"eta_ms", nullptr},
          {"reason", progress.reason},
          {"wish", wish_word(running.row.wish)},
          {"wished_by", running.row.wished_by},
          {"limits", running.row.limits},
          {"reported_at", running.row.reported_at}};
  if (const auto left = time_left(progress)) json["eta_ms"] = left->count();
}

struct Asked {
  Context& context;
  Connection& connection;
  const HistoryNames& names;
  const Running& running;
  std::string by;
};

void wish(const Asked& asked, Wish wish, std::string_view said) {
  wish_of_run(asked.connection, asked.names, asked.running.run_id, wish, asked.by);
  asked.context.output.json()["wish"] = wish_word(wish);
  asked.context.output.line(fmt::format("{}: {}", said, asked.running.holder.text()));
}

void status(const Asked& asked) {
  show_text(asked.context.output, asked.running);
}

void pause(const Asked& asked) {
  wish(asked, Wish::pause, "pauses before its next statement or batch");
}

void resume(const Asked& asked) {
  wish(asked, Wish::none, "goes on");
}

// Instead of those set before: no limits at all brings back the configuration's.
void throttle(const Asked& asked) {
  std::vector<std::string> limits = asked.context.arguments.positionals();
  limits.erase(limits.begin());
  const std::string text = join(limits, " ");
  parse_limits(text);
  limit_run(asked.connection, asked.names, asked.running.run_id, text);
  asked.context.output.json()["limits"] = text;
  asked.context.output.line(text.empty() ? "its limits are those of the configuration again" : "limits: " + text);
}

void abort(const Asked& asked) {
  const bool now = asked.context.arguments.has("now");
  wish(asked, now ? Wish::abort_now : Wish::abort,
       now ? "cancels what it does and ends" : "ends before its next statement or batch");
}

struct Action {
  std::string_view name;
  void (*run)(const Asked&);
};
constexpr Action kActions[] = {
    {"status", status}, {"pause", pause}, {"resume", resume}, {"throttle", throttle}, {"abort", abort}};

const Action& find_action(const std::string& wanted) {
  std::vector<std::string> names;
  for (const Action& action : kActions) {
    if (action.name == wanted) return action;
    names.emplace_back(action.name);
  }
  const auto meant = nearest(wanted, names);
  throw Error(ErrorKind::usage, fmt::format("run has no \"{}\"", wanted))
      .next(meant ? fmt::format("did you mean `martlet run {}`?", *meant) : "it has: " + join(names, ", "));
}

int nobody_runs(Context& context, const Action& action) {
  context.output.json()["run"] = nullptr;
  if (action.name != "status") {
    throw Error(ErrorKind::refused, "no run is at work on this database")
        .leaves("nothing was changed")
        .next("see what was done with `martlet history`");
  }
  context.output.line("no run is at work on this database");
  return 0;
}

int run(Context& context) {
  const Action& action = find_action(context.arguments.positional(0));
  if (action.run != throttle && context.arguments.positionals().size() > 1) {
    throw Error(ErrorKind::usage, fmt::format("run {} takes no more arguments", action.name));
  }
  const Identity who = target_identity(context.config);
  const auto connection = connect_target(context.config, who);
  const HistoryNames names = history_names(context.config);
  const auto running = find_running(*connection, names);
  if (!running) return nobody_runs(context, action);
  show_json(context.output, *running);
  action.run({context, *connection, names, *running, who.actor + "@" + who.host});
  return 0;
}

const Registered<Command> kCommand{{
    .id = "run",
    .summary = "see and steer a run that is at work, from another terminal",
    .details =
        "status: which run it is, what it does, how fast, and what it waits for. pause: it stands still before its\n"
        "next migration, statement or batch, with no lock held but the lease, until resume. abort: it ends there, as\n"
        "after Ctrl-C; what is done stays done, `martlet up` goes on from it. abort --now: it cancels what is "
        "running,\n"
        "too. throttle: sets limits for this run (docs/configuration.md, throttle). The database carries the message: "
        "any machine that reaches it will do. A run that is over within a\n"
        "quarter of a second does not listen.",
    .options = {{"--now", "", "with abort: cancel the running statement as well"}},
    .positionals = {{"ACTION", "status, pause, resume, throttle or abort"},
                    {"LIMIT", "with throttle: PROBE=VALUE or PROBE=off", Positional::Arity::any}},
    .examples = {"martlet run status", "martlet run pause", "martlet run throttle replica_lag=5s wal_rate=off",
                 "martlet run abort --now"},
    .run = run,
    .group = "Looking",
}};

}  // namespace
}  // namespace martlet
