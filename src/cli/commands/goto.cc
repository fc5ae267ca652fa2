#include "base/registry.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"
#include "run/runner.h"

namespace martlet {
namespace {

int run(Context& context) {
  RunSettings settings = up_settings(context);
  confirm_base(context, settings, Goal::parse(context.arguments.positional(0)));
  const RunView view(context, "goto", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return go_to(settings, context.arguments.positional(0)); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "goto",
    .summary = "go to a version, up or down",
    .details = "Applies what is missing up to the version, or takes back what was applied beyond it, whichever leads "
               "there. Downs that destroy data ask first, as `martlet down` does.",
    .options = {kReasonOption, kSkipGateOption},
    .positionals = {{"VERSION", "a version, head or base"}},
    .examples = {"martlet goto 007"},
    .run = run,
    .group = "Migrations",
}};

}  // namespace
}  // namespace martlet
