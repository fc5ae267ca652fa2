#include <fmt/format.h>

#include "backup/backup.h"
#include "base/registry.h"
#include "base/text.h"
#include "cli/backup_settings.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const std::vector<BackupInfo> all = list_backups(backup_settings(facts.config()).store);
  for (auto backup = all.rbegin(); backup != all.rend(); ++backup) {
    const auto level = backup->notes.proven();
    if (level && *level != VerifyLevel::structure) {
      return PreflightAnswer::pass(fmt::format("{} was verified: {}", backup->file, level_name(*level)));
    }
  }
  if (all.empty()) return PreflightAnswer::unknown("there is no backup yet", "`martlet backup`");
  return PreflightAnswer::fail("no backup was ever restored to see whether it can be",
                               "`martlet backups verify latest --level content`");
}

const Registered<PreflightItem> kItem{{
    .id = "51-recovery",
    .question = "recovery was proved: a backup was restored",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
