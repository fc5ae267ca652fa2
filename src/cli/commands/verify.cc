#include "base/registry.h"
#include "cli/health_view.h"

namespace martlet {
namespace {

int run(Context& context) {
  return run_health_checks(context, AskedBy::verify);
}

const Registered<Command> kVerify{
    {.id = "verify",
     .summary = "is everything whole? files against history, invalid indexes, constraints, the audit",
     .details =
         "Compares the files with what was applied (and shows what was edited), looks for migrations that are "
         "half-done, indexes left invalid, constraints that were not validated, throwaway databases left behind, and "
         "changes to the audit. On SQLite it also checks every page and every reference. Changes nothing.\n\n"
         "Exit code: 0 where nothing is bad (warnings are shown and do not count); 6 where a migration is half-done; "
         "4 where files and history disagree or the audit was changed; 7 where the database is not as it should be "
         "(invalid indexes, damaged pages, references to nothing); 8 where there is no connection; 2 where the "
         "migrations cannot be read; 9 where an answer "
         "could not be had. The most serious one counts, in the order 8, 6, 4, 7, 2, 9.",
     .examples = {"martlet verify", "martlet verify --env production --json"},
     .run = run,
     .read_only = true}};

}  // namespace
}  // namespace martlet
