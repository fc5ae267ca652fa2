#include "base/registry.h"
#include "cli/output.h"
#include "cli/plan_trial_view.h"
#include "cli/plan_view.h"
#include "cli/run_settings.h"
#include "plan/script.h"
#include "run/missing_values.h"
#include "run/planning.h"
#include "run/refusals.h"

namespace martlet {
namespace {

RunSettings plan_settings(Context& context) {
  RunSettings settings = up_settings(context);
  settings.create_database = false;
  if (can_plan(settings)) return settings;
  throw Error(ErrorKind::usage, "only PostgreSQL has locks that a plan could avoid")
      .next("`martlet up --dry-run` shows what would run on SQLite");
}

// Nothing of the target is changed: both run on copies.
int execute(Context& context, Course& course, const std::vector<const StandingEntry*>& pending,
            const PendingPlan& plan) {
  const PlanTrial trial = try_plan(course, pending, plan, {.server = context.config.text("scratch_url")});
  show_trial(context.output, trial);
  return trial.passed() ? 0 : exit_code(ErrorKind::validation);
}

int run(Context& context) {
  const RunSettings settings = plan_settings(context);
  Course course(settings);
  refuse_inconsistent(course.session(), course.folder(), course.entries());
  const auto pending = pending_until(course.entries(), goal_up(context.arguments));
  const PendingPlan plan = plan_pending(course.session(), pending, WithDigest::yes);
  refuse_missing_values(course.session(), plan);
  if (context.arguments.has("execute")) return execute(context, course, pending, plan);
  if (context.arguments.has("sql")) {
    context.output.raw(psql_script(plan.migrations(), settings.lock_wait));
  } else {
    show_plan(context.output, plan);
  }
  return 0;
}

const Registered<Command> kCommand{{
    .id = "plan",
    .summary = "show the steps that `up` would run: locks, work, time, transactions",
    .details =
        "Every pending statement is executed on a model of this database's catalog. One that would lock the\n"
        "application out for longer than max_block runs as its safe form, in steps that can be resumed; tier T0 is a\n"
        "statement as it was written, T1 a safe form on the same table. Steps with the same number under `tx` share a\n"
        "transaction. The digest stands for files, schema, steps and database: `up --plan DIGEST` runs exactly this.\n"
        "\n"
        "--execute copies the schema and a sample of the rows twice, runs the files as they were written on one copy\n"
        "and the plan, all phases, on the other: every step must lock, scan and write what was predicted, no step of "
        "a\n"
        "safe form may do work under a lock that keeps the application out, and schema and rows must be the same.",
    .options = {{"--to", "VERSION", "up to and including this version"},
                {"--steps", "N", "at most N migrations"},
                {"--sql", "", "as a script that plain psql runs"},
                {"--execute", "", "prove it: the files on one scratch copy, the plan on another"}},
    .examples = {"martlet plan", "martlet plan --sql > steps.sql", "martlet plan --execute", "martlet plan --json"},
    .run = run,
    .group = "Looking",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
