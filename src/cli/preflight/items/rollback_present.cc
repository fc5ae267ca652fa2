#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  std::vector<std::string> missing, irreversible;
  for (const StandingEntry* entry : facts.pending()) {
    const Migration& migration = *entry->migration;
    if (migration.kind == MigrationKind::repeatable || migration.down) continue;
    (migration.irreversible ? irreversible : missing).push_back(entry->label());
  }
  if (!missing.empty()) {
    return PreflightAnswer::fail("no down: " + join(missing, ", "),
                                 "write one, or say `-- martlet:irreversible` and why");
  }
  if (!irreversible.empty()) {
    return PreflightAnswer::pass("declared irreversible, a backup is the way back: " + join(irreversible, ", "));
  }
  return PreflightAnswer::pass("each has a down");
}

const Registered<PreflightItem> kItem{{
    .id = "20-rollback_present",
    .question = "every pending migration has a rollback",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
