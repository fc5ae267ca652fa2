#include <fmt/format.h>

#include "backup/backup.h"
#include "base/registry.h"
#include "base/text.h"
#include "cli/backup_settings.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const std::vector<const LedgerRow*> rows = facts.last_run();
  if (rows.empty()) return PreflightAnswer::unknown("no run has applied anything yet");
  const std::string& backup = rows.front()->backup_id;
  if (backup.empty()) return PreflightAnswer::fail("none was taken before the last run", "backup.before = \"always\"");
  for (const BackupInfo& each : list_backups(backup_settings(facts.config()).store)) {
    if (each.file == backup && each.unreadable.empty()) return PreflightAnswer::pass(backup);
  }
  return PreflightAnswer::fail(backup + " is not in the store any more, or cannot be read", "`martlet backups`");
}

const Registered<PreflightItem> kItem{{
    .id = "40-backup_taken",
    .question = "the backup of before the run is there",
    .part = PreflightPart::after,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
