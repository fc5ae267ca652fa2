// Runs one statement of a journalled migration, so that a crash at any moment can be resumed.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "effects/transactional.h"
#include "history/journal.h"
#include "sql/statement.h"
#include "step/step.h"

namespace martlet {

/// What the steps of a run share.
struct StepContext {
  Connection& connection;
  const HistoryNames& names;
  const Identity& who;
  /// Opens the transaction of a transactional statement: BEGIN, SET LOCAL timeouts, the lease's fence().
  std::vector<Request> begin;
  /// Ends it, before the journal's entry and COMMIT: RESET ROLE and the like.
  std::vector<Request> end;
  /// statement_timeout of a statement that runs alone (PostgreSQL); nullopt = none. lock_timeout is always off there:
  /// CONCURRENTLY waits for old transactions by design, and giving up would leave an invalid index.
  std::optional<std::chrono::milliseconds> statement_timeout;
  /// The server's error at one of the step's statements, with the place in the file. May be empty.
  std::function<Error(Error, const Statement&)> locate;
  /// Told what was done beside the statement, e.g. "dropped the invalid index …". May be empty.
  std::function<void(const std::string&)> say;
};

/// One statement of a migration, and where it stands; or several that are one transaction.
struct Step {
  std::string migration;  // Migration::id
  std::string direction;  // "up" or "down"
  long long index = 0;    // of the statement, from 0
  const Statement& statement;
  const Transactionality& traits;
  std::vector<const Statement*> more = {};  // behind it in its transaction; only of a transactional one
};

enum class StepResult {
  ran,         // it ran now
  was_done,    // the journal says that an earlier run did it: nothing was done
  found_done,  // an earlier run was cut off after it took effect: it was recorded as done
};

/// Performs the step, whatever an earlier run left of it: `left` is its entry of read_unfinished(), nullopt = none.
///
/// A transactional statement and its `done` commit together. Any other: `started` is committed, the statement runs,
/// `done` is committed; an entry that is `started` or `failed` is first settled by the catalog (leftovers are removed).
///
/// Throws ConnectionLost / CommitInDoubt: connect again, reacquire the lease, read the journal again, and call again.
/// Throws Error of the statement: kind `partial` where the statement left something behind (entry `failed`), any other
/// kind where this step left nothing (no entry remains). Throws Error{partial} where only a person can tell whether it
/// happened, and Error{validation} where a step that is done stands differently in the file now.
/// Failpoints: journal-before-started, journal-after-started, step-after-statement, journal-after-done.
StepResult perform_step(const StepContext& context, const Step& step, const std::optional<JournalEntry>& left);

/// Throws Error{validation} where the statement of an entry stands differently in the file now.
void refuse_edited(const Step& step, const JournalEntry& left);

/// Of an entry that is `started` or `failed`: removes or completes what is half done, and says what the catalog says
/// then.
StepOutcome settle_step(const StepContext& context, const JournalEntry& entry);

/// Only looks: what the catalog says of an entry that is `started` or `failed`. For `status` and dry runs.
StepOutcome inspect_step(Connection& connection, const JournalEntry& entry);

}  // namespace martlet
