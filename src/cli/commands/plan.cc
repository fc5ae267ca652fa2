#include "base/registry.h"
#include "cli/output.h"
#include "cli/plan_view.h"
#include "cli/run_settings.h"
#include "plan/script.h"
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

int run(Context& context) {
  const RunSettings settings = plan_settings(context);
  Course course(settings);
  refuse_inconsistent(course.session(), course.folder(), course.entries());
  const auto pending = pending_until(course.entries(), goal_up(context.arguments));
  const PendingPlan plan = plan_pending(course.session(), pending, WithDigest::yes);
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
        "transaction. The digest stands for files, schema, steps and database: `up --plan DIGEST` runs exactly this.",
    .options = {{"--to", "VERSION", "up to and including this version"},
                {"--steps", "N", "at most N migrations"},
                {"--sql", "", "as a script that plain psql runs"}},
    .examples = {"martlet plan", "martlet plan --sql > steps.sql", "martlet plan --json"},
    .run = run,
    .group = "Looking",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
