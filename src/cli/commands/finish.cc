#include "base/registry.h"
#include "cli/output.h"
#include "cli/phase_view.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"

namespace martlet {
namespace {

int run(Context& context) {
  RunSettings settings = up_settings(context);
  LaterPhase wanted{.phase = Phase::finish, .version = context.arguments.positional(0)};
  if (context.arguments.has("now")) wanted.when = LaterPhase::When::now;
  if (context.arguments.has("dry-run")) return show_look(context, look_at_phase(settings, wanted));
  const RunView view(context, "finish", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return run_later_phase(settings, wanted); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "finish",
    .summary = "drop what a contract has put aside, when its wait is over",
    .details =
        "Of a dropped column or table the contract leaves <name>_deprecated, with everything in it, for contract.wait\n"
        "(7 days): `martlet down` still brings it back. Then finish drops it for good. On a protected environment "
        "that\n"
        "needs --yes.",
    .options = {{"--now", "", "before the wait is over"},
                {"-d,--dry-run", "", "only show what would run"},
                {"-s,--skip-backup", "", "take no backup first, whatever backup.before says; it is recorded"},
                kReasonOption},
    .positionals = {{"VERSION", "one migration; without it, all that are due", Positional::Arity::optional}},
    .examples = {"martlet finish", "martlet finish 012 --now"},
    .run = run,
    .group = "Migrations",
}};

}  // namespace
}  // namespace martlet
