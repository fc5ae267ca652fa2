#include "base/registry.h"
#include "cli/record_view.h"
#include "cli/run_settings.h"

namespace martlet {
namespace {

int run(Context& context) {
  const RunSettings settings = run_settings(context);
  return show_record(context, stamp(settings, context.arguments.positional(0)), "the ledger already says so");
}

const Registered<Command> kCommand{{
    .id = "stamp",
    .summary = "record a version as applied without running anything",
    .details =
        "Everything up to VERSION that is not applied is recorded as stamped, everything beyond it as reverted.\n"
        "The database itself is not changed: use it when a change was made by hand.",
    .positionals = {{"VERSION", "a version, head or base"}},
    .examples = {"martlet stamp head", "martlet stamp 003"},
    .run = run,
    .group = "Ledger",
}};

}  // namespace
}  // namespace martlet
