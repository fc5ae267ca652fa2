#include "base/registry.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"
#include "run/runner.h"

namespace martlet {
namespace {

int run(Context& context) {
  RunSettings settings = run_settings(context);
  const RunView view(context, "resume", settings.who);
  settings.events = &view.events();
  show_report(context, view.follow([&] { return context.arguments.has("undo") ? undo(settings) : resume(settings); }));
  return 0;
}

const Registered<Command> kCommand{{
    .id = "resume",
    .summary = "finish what a crash left in its middle",
    .details =
        "Looks in the catalog how far the interrupted statement came, removes what is half done (such as an\n"
        "invalid index), and goes on. `up` does the same before anything else. --undo goes back instead: by the plan\n"
        "that the run had, every step that is done is taken back, last first; it refuses, with nothing done,\n"
        "where a step cannot be (rows that were changed). PostgreSQL.",
    .options = {{"--undo", "", "take back what the interrupted run has done of its migration"},
                {"--skip-errors", "N", "leave out up to N rows that a change in batches cannot make", "skip_errors"}},
    .examples = {"martlet resume", "martlet resume --undo"},
    .run = run,
    .group = "Ledger",
}};

}  // namespace
}  // namespace martlet
