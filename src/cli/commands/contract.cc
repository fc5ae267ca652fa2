#include "base/registry.h"
#include "cli/output.h"
#include "cli/phase_view.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"

namespace martlet {
namespace {

int run(Context& context) {
  RunSettings settings = up_settings(context);
  const LaterPhase wanted{.phase = Phase::contract, .version = context.arguments.positional(0)};
  if (context.arguments.has("dry-run")) return show_look(context, look_at_phase(settings, wanted));
  const RunView view(context, "contract", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return run_later_phase(settings, wanted); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "contract",
    .summary = "take away what old application code needed of what `up` expanded",
    .details =
        "A renamed column or table loses its old name, a dropped one is renamed to <name>_deprecated (`martlet "
        "finish`\n"
        "drops it later), and what stands below `-- martlet:contract` runs. Run it when no old code is left: first it\n"
        "looks for sessions of old code (contract.application), for statements that name what goes and were called "
        "since\n"
        "the expand phase (the extension pg_stat_statements), and asks contract.query. What it finds is shown, and on "
        "a\n"
        "protected environment refused. Each migration is taken back by `martlet down` as before.",
    .options = {{"-d,--dry-run", "", "only look: what would run, and what still uses the old side"},
                {"-s,--skip-backup", "", "take no backup first, whatever backup.before says; it is recorded"},
                kReasonOption},
    .positionals = {{"VERSION", "one migration; without it, all that are expanded", Positional::Arity::optional}},
    .examples = {"martlet contract --dry-run", "martlet contract", "martlet contract 012"},
    .run = run,
    .group = "Migrations",
}};

}  // namespace
}  // namespace martlet
