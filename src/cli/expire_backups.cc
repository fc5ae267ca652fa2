#include "cli/expire_backups.h"

#include <fmt/format.h>

#include <set>

#include "backup/name.h"
#include "cli/backup_settings.h"
#include "cli/target.h"
#include "history/journal.h"

namespace martlet {
namespace {

constexpr std::chrono::hours kLongestBackup{24};

// A run that is not finished may have to go back to its backup.
std::set<std::string> open_runs(const Config& config) {
  std::set<std::string> runs;
  if (!has_target(config)) return runs;
  const auto connection = connect_target(config, target_identity(config));
  const HistoryNames names = history_names(config);
  if (Ledger::read(*connection, names).unfinished() == 0) return runs;
  for (const JournalEntry& entry : read_unfinished(*connection, names)) runs.insert(entry.run_id);
  return runs;
}

// A backup takes hours at most: what was begun before that was killed.
void expire_unfinished(const StoreOptions& options, Expiry expiry, std::vector<RetentionVerdict>& verdicts) {
  const std::unique_ptr<BackupStore> store = open_store(options);
  for (const UnfinishedFile& each : store->unfinished()) {
    if (now_seconds() - each.begun < kLongestBackup) continue;
    verdicts.push_back({each.name, false, fmt::format("begun at {}, never completed", iso_time(each.begun))});
    if (expiry == Expiry::done) store->give_up(each);
  }
}

}  // namespace

std::vector<RetentionVerdict> expire_backups(const Config& config, Expiry expiry) {
  const StoreOptions store = backup_settings(config).store;
  const auto rules = parse_retention(config.text("backup.retention"));
  std::vector<RetentionVerdict> verdicts =
      judge_retention(rules, retention_items(list_backups(store), open_runs(config)), now_seconds());
  for (const RetentionVerdict& verdict : verdicts) {
    if (!verdict.keep && expiry == Expiry::done) remove_backup(store, verdict.file);
  }
  expire_unfinished(store, expiry, verdicts);
  return verdicts;
}

}  // namespace martlet
