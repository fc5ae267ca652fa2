#include "base/registry.h"
#include "cli/dry_view.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"
#include "run/runner.h"

namespace martlet {
namespace {

int run(Context& context) {
  RunSettings settings = up_settings(context);
  const Goal goal = Goal::parse(context.arguments.positional(0));
  if (context.arguments.has("dry-run")) return show_dry_run(context, settings, Direction::up, goal);
  const RunView view(context, "upgrade", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return up(settings, goal); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "upgrade",
    .summary = "apply up to a target, as in Alembic",
    .details = "The argument is a target: head, how many to apply (+2), or the last version to apply. `martlet up` is "
               "the same with options.",
    .options = {{"-d,--dry-run", "execute", "show the statements; =execute runs them on a scratch database", "",
                 "show"},
                kReasonOption,
                kSkipGateOption},
    .positionals = {{"TARGET", "head, +N or a version"}},
    .examples = {"martlet upgrade head", "martlet upgrade +1", "martlet upgrade 003"},
    .run = run,
    .group = "Migrations",
}};

}  // namespace
}  // namespace martlet
