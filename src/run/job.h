// One migration in one direction, as a run executes it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "db/connection.h"
#include "migration/migration.h"
#include "plan/plan.h"
#include "run/script.h"
#include "watch/lock_holder.h"

namespace martlet {

struct Job {
  std::string id;     // Migration::id
  std::string label;  // as people know it
  std::string name;
  std::string file;
  SourceText source;          // of a down: its text as it will run
  std::string version_after;  // label of the version the database is at once it is done; "" = unchanged
  Direction direction = Direction::up;
  Phase phase = Phase::expand;   // of an up
  Milliseconds elapsed{0};       // set when it is done
  Script before, script, after;  // callbacks around each migration share its transaction
  std::vector<Check> checks;
  std::optional<PlannedMigration> planned;  // kept while it runs step by step, and for its later phases
  std::optional<Milliseconds> lock_wait, statement_timeout;
  /// What its transaction will lock so strongly that the application could feel it, as far as that is known: nobody
  /// queues for it behind a session that is at work for long.
  std::vector<WantedLock> locks;
  /// The history statements that commit with it. Built anew for every attempt (the audit chain moves on). `elapsed` is
  /// what the migration took; negative: not known yet, the server measures from the transaction's start.
  std::function<std::vector<Request>(Milliseconds elapsed)> record;
};

/// "up", "down", "expand" (an up of which a later phase waits), "contract", "finish".
std::string_view job_word(const Job& job);

}  // namespace martlet
