#include "base/registry.h"
#include "cli/record_view.h"
#include "cli/run_settings.h"

namespace martlet {
namespace {

int run(Context& context) {
  const RunSettings settings = run_settings(context);
  return show_record(context, baseline(settings, context.arguments.positional(0)), "nothing to record");
}

const Registered<Command> kCommand{{
    .id = "baseline",
    .summary = "start managing a database that already has a schema",
    .details =
        "Versions up to and including VERSION count as being there. Refused where the ledger already has applied\n"
        "migrations.",
    .positionals = {{"VERSION", "the version that the existing schema stands for"}},
    .examples = {"martlet baseline 012"},
    .run = run,
    .group = "Ledger",
}};

}  // namespace
}  // namespace martlet
