#include "base/registry.h"
#include "cli/dry_view.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"
#include "run/runner.h"

namespace martlet {
namespace {

int run(Context& context) {
  RunSettings settings = run_settings(context);
  const Goal goal = Goal::parse(context.arguments.positional(0));
  if (context.arguments.has("dry-run")) return show_dry_run(context, settings, Direction::down, goal);
  confirm_base(context, settings, goal);
  const RunView view(context, "downgrade", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return down(settings, goal); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "downgrade",
    .summary = "take back down to a target, as in Alembic",
    .details = "The argument is a target: how many to take back (-1), the version that stays, or base for everything "
               "(asks; refused on a protected environment). `martlet down` takes a count instead.",
    .options = {{"-d,--dry-run", "execute", "show the statements; =execute runs them on a scratch database", "",
                 "show"},
                kReasonOption},
    .positionals = {{"TARGET", "-N, base or the version that stays"}},
    .examples = {"martlet downgrade -1", "martlet downgrade base", "martlet downgrade 003"},
    .run = run,
    .group = "Migrations",
}};

}  // namespace
}  // namespace martlet
