// By the policy, or a fresh one is there.
#include <fmt/format.h>

#include "backup/name.h"
#include "base/registry.h"
#include "base/text.h"
#include "cli/backup_settings.h"
#include "cli/preflight/preflight.h"
#include "run/backup_policy.h"

namespace martlet {
namespace {

constexpr std::chrono::hours kFresh{24};

PreflightAnswer answer(PreflightFacts& facts) {
  const BackupPolicy* policy = facts.settings().backup.get();
  if (policy && policy->when == BackupPolicy::When::always) {
    return PreflightAnswer::pass("the run takes one first (backup.before = always)");
  }
  if (policy)
    return PreflightAnswer::pass("the run takes one first where it is not provably harmless (backup.before = auto)");
  const std::vector<BackupInfo> all = list_backups(backup_settings(facts.config()).store);
  for (auto backup = all.rbegin(); backup != all.rend(); ++backup) {
    const auto name = BackupName::parse(backup->file);
    if (!name || !backup->unreadable.empty()) continue;
    const std::chrono::seconds age = now_seconds() - name->time;
    const std::string text = fmt::format("{} is {} old", backup->file, show_duration(age));
    return age <= kFresh ? PreflightAnswer::pass(text)
                         : PreflightAnswer::fail(text, "`martlet backup`, or backup.before = \"always\"");
  }
  return PreflightAnswer::fail("none is taken, and there is none", "`martlet backup`, or backup.before = \"always\"");
}

const Registered<PreflightItem> kItem{{
    .id = "50-backup",
    .question = "a backup is taken before",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
