// Everything a run needs to know, resolved: no flag, file or variable is read below this.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/duration.h"
#include "base/events.h"
#include "db/url.h"
#include "history/ledger.h"
#include "history/names.h"
#include "migration/folder.h"
#include "plan/plan.h"
#include "watch/lock_budget.h"
#include "watch/throttle.h"

namespace martlet {

/// automatic: a file is one transaction unless it would hold up the application for longer than max_block.
enum class TxMode { automatic, file, all, none };
enum class OutOfOrder { error, warn, allow };

/// How to find out that old application code still runs; "" = not asked.
struct UseSettings {
  std::string application;  // LIKE pattern of its sessions' application_name
  std::string query;        // a query: each row that it gives is one use
};

class FolderReading;
struct BackupPolicy;
struct Safeguards;

/// Shell commands around a run; "" = none.
struct RunHooks {
  std::string before, after, on_failure;
};

struct RunSettings {
  static constexpr Milliseconds kWeek = std::chrono::hours(7 * 24);

  Url url;  // the direct one where a pooler stands before the other
  FolderOptions folder;
  /// The folder, being read already: what the first course has. nullptr, or over: a course begins to read it.
  std::shared_ptr<FolderReading> folder_reading;
  HistoryOptions history;
  Identity who;
  std::string environment;  // its name, "" = none chosen
  enum class Protection { open, guarded } protection = Protection::open;
  bool agreed = false;  // --yes
  /// Asks the person at the terminal; always false where there is none.
  std::function<bool(const std::string& question)> confirm = [](const std::string&) { return false; };

  TxMode tx = TxMode::automatic;
  /// apart: what old application code needs stays until `contract`. PostgreSQL.
  Phases phases = Phases::together;
  UseSettings use;                 // what still counts as use of what a contract takes away
  Milliseconds phase_wait{kWeek};  // from one phase to when the next one is due
  std::string reviewed_plan;       // the digest of a plan: run exactly that or refuse; "" = any
  OutOfOrder out_of_order = OutOfOrder::error;
  Milliseconds lock_wait{100};          // how long one attempt may queue for a lock
  Milliseconds lock_deadline{300'000};  // how long all attempts together may take
  Milliseconds statement_timeout{0};    // 0 = none
  Milliseconds wait_lease{0};
  Milliseconds batch_time{50};  // how long one batch of a data change is to take
  long batch_workers = 1;
  long skip_errors = 0;  // how many rows that cannot be changed a data change in batches may leave as they are
  std::map<std::string, std::string> placeholders;
  RunHooks hooks;
  bool judges = false;                            // look for hazards before applying
  std::map<std::string, std::string> severities;  // of hazards, by id: off, info, warning, error
  Milliseconds max_block{200};                    // how long a lock that blocks the application may be held
  LockBudget::OverBlock over_block = LockBudget::OverBlock::cancel;
  Milliseconds kill_blockers_after{0};  // 0 = never
  ThrottleSettings throttle;            // before batches, and the steps of a migration that is not one transaction
  std::string force_reason;             // why to go on in spite of hazards on a protected environment; "" = do not
  bool create_database = false;
  Ledger::Detail ledger_detail = Ledger::Detail::standing;  // of what a course reads
  std::shared_ptr<const BackupPolicy> backup;               // nullptr: none is taken before a run
  std::shared_ptr<const Safeguards> safeguards;             // gates, automatic rollback; nullptr: none

  const Events* events = nullptr;
  void emit(const Event& event) const {
    if (events) events->emit(event);
  }
  LockBudget lock_budget() const {
    return {.wait = lock_wait,
            .deadline = lock_deadline,
            .max_block = max_block,
            .over_block = over_block,
            .kill_after = kill_blockers_after};
  }
  bool guarded() const { return protection == Protection::guarded; }
};

}  // namespace martlet
