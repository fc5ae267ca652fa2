#include "base/registry.h"
#include "cli/health_view.h"

namespace martlet {
namespace {

int run(Context& context) {
  return run_health_checks(context, AskedBy::doctor);
}

const Registered<Command> kDoctor{
    {.id = "doctor",
     .summary = "would a run work here? connection, privileges, pooler, settings, clock, history",
     .details =
         "Asks what a run depends on, and changes nothing. Every line that is not well is followed by what to do.\n\n"
         "Exit code: 0 where nothing is bad (warnings are shown and do not count); 8 where there is no connection; 6 "
         "where a migration is half-done; 4 where the files or martlet's own tables are not sound; 7 where the "
         "database itself is damaged; 2 where the migrations cannot be read; 9 where something else would stop a run. "
         "The most serious one counts, in this "
         "order.",
     .examples = {"martlet doctor", "martlet doctor --env production --json"},
     .run = run,
     .group = "Tools",
     .read_only = true}};

}  // namespace
}  // namespace martlet
