#include <fmt/format.h>

#include "base/registry.h"
#include "cli/dry_view.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"
#include "run/later_phase.h"
#include "run/runner.h"

namespace martlet {
namespace {

// A phase that is named wins over the configuration.
int run_contract(Context& context) {
  RunSettings settings = up_settings(context);
  if (!context.arguments.text("to").empty() || !context.arguments.text("steps").empty()) {
    throw Error(ErrorKind::usage, "--phase contract takes no --to and no --steps")
        .next("name the migration: `martlet contract VERSION`");
  }
  const RunView view(context, "contract", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return run_later_phase(settings, {.phase = Phase::contract}); }));
  return 0;
}

int run(Context& context) {
  const std::string phase = context.arguments.text("phase");
  if (phase == "contract") return run_contract(context);
  RunSettings settings = up_settings(context);
  if (phase == "expand" && settings.url.dialect() == Dialect::postgres) {
    settings.phases = Phases::apart;
  } else if (phase == "all") {
    settings.phases = Phases::together;
  } else if (!phase.empty()) {
    throw Error(ErrorKind::usage, fmt::format("--phase {}: there are expand, contract and all{}", phase,
                                              phase == "expand" ? "; SQLite has only all" : ""));
  }
  const Goal goal = goal_up(context.arguments);
  if (context.arguments.has("dry-run")) return show_dry_run(context, settings, Direction::up, goal);
  const RunView view(context, "up", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return up(settings, goal); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "up",
    .aliases = {"migrate", "latest", "apply", "deploy"},
    .summary = "apply what is pending",
    .details =
        "Each file runs in one transaction together with its ledger row: after a failure nothing of it remains.\n"
        "On PostgreSQL a file that would hold up the application for longer than max_block runs in steps that do not\n"
        "(`martlet plan` shows them), unless --tx says otherwise.\n"
        "Where phases are apart (the default on protected environments), renamed and dropped columns and tables go on\n"
        "working for old code until `martlet contract`.\n"
        "Statements that no transaction may hold (CREATE INDEX CONCURRENTLY, VACUUM, …) run one by one and are\n"
        "journalled, so that a crash can be resumed. What an earlier crash left is finished first.\n"
        "Gates ([[gate]] in martlet.toml) hold before, during and after the run; what a failed run applied is taken "
        "back\n"
        "where the environment says so (rollback.on; docs/gates.md).",
    .options = {{"--to", "VERSION", "up to and including this version (a unique prefix will do)"},
                {"--steps", "N", "at most N migrations"},
                {"-d,--dry-run", "execute", "show the statements; =execute runs them on a scratch database", "",
                 "show"},
                {"-s,--skip-backup", "", "take no backup first, whatever backup.before says; it is recorded"},
                kReasonOption,
                kSkipGateOption,
                {"--plan", "DIGEST", "run exactly the plan that was reviewed (`martlet plan` shows it), or refuse"},
                {"--skip-errors", "N", "leave out up to N rows that a change in batches cannot make", "skip_errors"},
                {"--create", "", "create the database first where it is missing"},
                {"--phase", "PHASE",
                 "expand: leave what old code needs until `contract`; contract: take that away now; all: everything "
                 "at once (default: as `phases` is configured)"}},
    .positionals = {},
    .examples = {"martlet up", "martlet up --to 012", "martlet up --dry-run", "martlet up --phase expand",
                 "martlet --env production up --yes"},
    .run = run,
    .group = "Migrations",
}};

}  // namespace
}  // namespace martlet
