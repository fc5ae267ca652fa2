#include "base/registry.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"
#include "cli/safeguards.h"
#include "run/runner.h"

namespace martlet {
namespace {

int run(Context& context) {
  RunSettings settings = run_settings(context);
  settings.safeguards = safeguards(context);
  const RunView view(context, "redo", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return redo(settings, 1); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "redo",
    .summary = "take back the last migration and apply it again",
    .details = "For a migration that is still being written: its down, then its up as the file says now. Repeatable "
               "files run again after it. On PostgreSQL both are planned as `up` and `down` are.",
    .options = {kReasonOption, kSkipGateOption},
    .examples = {"martlet redo"},
    .run = run,
    .group = "Migrations",
}};

}  // namespace
}  // namespace martlet
