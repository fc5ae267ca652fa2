#include "cli/record_view.h"
#include "cli/run_settings.h"

namespace martlet {
namespace {

int run(Context& context) {
  const RunSettings settings = run_settings(context);
  return show_record(context, repair(settings), "nothing to repair");
}

const Registered<Command> kCommand{{
    .id = "repair",
    .summary = "realign the ledger with the files",
    .details = "Takes the text of files that were edited after they were applied for what was applied, and retires\n"
               "migrations whose files are gone. Nothing runs and no row is deleted; each change is in `history`.",
    .examples = {"martlet repair"},
    .run = run,
    .group = "Ledger",
}};

}  // namespace
}  // namespace martlet
