// Which backups stay.
//
//   policy := rule {";" rule}
//   rule   := "keep" scope (COUNT | "for" DURATION) | "min" COUNT [scope]
//   scope  := "pre-migration" | "last" | "hourly" | "daily" | "weekly" | "monthly" | "yearly"
//
// A backup stays if any rule keeps it. `last` means every backup, `pre-migration` those taken before a migration; of an
// hour, day, … the newest one counts. COUNT is so many backups (or hours, days, … that have one), from the newest back.
// Times are UTC, weeks those of ISO 8601. Backups of different databases, environments and types are told apart.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup.h"

namespace martlet {

enum class RetentionScope { pre_migration, last, hourly, daily, weekly, monthly, yearly };

struct RetentionRule {
  RetentionScope scope = RetentionScope::last;
  std::optional<long> count;  // one of the two
  std::optional<std::chrono::seconds> age;
  std::string text;  // as it is shown: "keep daily 7"
};

/// Throws Error{usage} that names the rule and what is wrong with it.
std::vector<RetentionRule> parse_retention(std::string_view policy);

/// What the rules look at.
struct RetentionItem {
  std::string file;
  std::string group;  // backups of one group compete for the places of a rule
  std::chrono::sys_seconds time;
  bool pre_migration = false;
  bool good = true;      // false: a verification failed; it takes no place
  bool readable = true;  // false: it is left for somebody to look at
  bool verified = false;
  bool in_use = false;  // an unfinished run refers to it
  std::string pinned;
};

struct RetentionVerdict {
  std::string file;
  bool keep = true;
  std::string reason;
};

/// One verdict an item, in the order of the items.
std::vector<RetentionVerdict> judge_retention(const std::vector<RetentionRule>& rules,
                                              const std::vector<RetentionItem>& items, std::chrono::sys_seconds now);

/// Of the backups in a store; `open_runs` are the ids of runs that are not finished.
std::vector<RetentionItem> retention_items(const std::vector<BackupInfo>& backups,
                                           const std::set<std::string>& open_runs);

/// The number of the hour, day, ISO week, month or year; every backup's own second for `last` and `pre_migration`.
long long retention_period(RetentionScope scope, std::chrono::sys_seconds time);

}  // namespace martlet
