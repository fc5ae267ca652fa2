#include "base/registry.h"
#include "cli/record_view.h"
#include "cli/run_settings.h"

namespace martlet {
namespace {

int run(Context& context) {
  const RunSettings settings = run_settings(context);
  const std::string applied = context.arguments.text("applied");
  const std::string not_applied = context.arguments.text("not-applied");
  if (!applied.empty() && !not_applied.empty()) {
    throw Error(ErrorKind::usage, "give --applied or --not-applied, not both");
  }
  if (!applied.empty()) return show_record(context, settle(settings, applied, LedgerState::applied), "");
  if (!not_applied.empty()) return show_record(context, settle(settings, not_applied, LedgerState::reverted), "");
  return show_record(context, repair(settings), "nothing to repair");
}

const Registered<Command> kCommand{{
    .id = "repair",
    .summary = "realign the ledger with the files",
    .details = "Takes the text of files that were edited after they were applied for what was applied, and retires\n"
               "migrations whose files are gone. Nothing runs and no row is deleted; each change is in `history`.\n"
               "With --applied or --not-applied it settles a migration that was interrupted half way and that you\n"
               "have finished, or undone, by hand.",
    .options = {{"--applied", "VERSION", "an interrupted migration is wholly there now"},
                {"--not-applied", "VERSION", "nothing of an interrupted migration is there any more"}},
    .examples = {"martlet repair", "martlet repair --not-applied 007"},
    .run = run,
    .group = "Ledger",
}};

}  // namespace
}  // namespace martlet
