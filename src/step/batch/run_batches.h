// Makes a change of many rows in committed batches, so that it can be resumed after a crash at any moment.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "history/journal.h"
#include "recipe/batch.h"
#include "step/batch/progress.h"
#include "step/executor.h"

namespace martlet {

struct BatchSettings {
  std::chrono::milliseconds target{50};  // how long a batch, which is one transaction, is to take
  int workers = 1;                       // each with a session of its own
  long size = 0;                         // the most rows of a batch; 0 = as many as fit into the target
  std::chrono::milliseconds pause{0};    // of a worker, after each batch
  long skip_errors = 0;                  // how many rows that cannot be changed may be left as they are
  std::chrono::milliseconds lock_wait{100};
  std::chrono::milliseconds lock_deadline{300'000};  // how long to try one batch again whose rows are locked
  std::optional<std::chrono::milliseconds> statement_timeout;
};

/// How it goes on, about four times a second.
struct BatchNews {
  long long changed = 0;  // rows, by earlier runs too
  double part = 0;        // of the table, 0 to 1, as far as it can be told
  double per_second = 0;  // rows of this run
  std::optional<std::chrono::milliseconds> left;
};

enum class BatchRemark { retrying, left_out };

/// What a run gives to its batches. `progress` and `say` are called on the caller's thread.
struct BatchContext {
  Connection& connection;  // of the run, which holds the lease; idle
  /// Opens a session of the same database, as the same role. Called on the caller's thread.
  std::function<std::unique_ptr<Connection>()> connect;
  const HistoryNames& names;
  const Identity& who;
  Request fence;  // Lease::fence()
  /// Before every batch, on a worker's thread, never twice at once: waits as long as the batch is to wait, and throws
  /// to end the run. Empty = go on.
  std::function<void()> turn;
  std::function<void(const BatchNews&)> progress;
  /// What a person should know: a batch that is tried again, a row that was left out.
  std::function<void(BatchRemark, const std::string&)> say;
};

struct BatchOutcome {
  long long changed = 0;                 // rows, by earlier runs too
  long long batches = 0;                 // of this run
  std::chrono::microseconds longest{0};  // batch of this run, from BEGIN to COMMIT
  std::vector<SkippedRow> skipped;       // left as they were
  bool more_appear = false;              // others kept writing rows that fit: the last pass found some again
};

/// Makes the change for `step`, or what an earlier run left of it (`left`: its journal entry). Each batch is one
/// transaction with the lease's fence() and its place in the journal. A batch that meets a deadlock, a serialization
/// failure or a locked row is made again, smaller. A row that cannot be changed is looked for by halving the batch.
/// An UPDATE, or a DELETE with a condition, ends when no row fits its condition any more.
///
/// Throws ConnectionLost: connect again, reacquire the lease, read the journal again, and call again. Throws
/// Error{partial} where some rows are changed, any other kind where none is (no entry remains then). Throws
/// Error{validation} where the statement is another one than the run began with. PostgreSQL.
/// Failpoints: batch-after-started, batch-before, batch-after-commit, batch-before-done.
BatchOutcome run_batches(const BatchContext& context, const BatchSettings& settings, const Step& step,
                         const BatchChange& change, const std::optional<JournalEntry>& left);

/// How many rows the change would find now. Reads the table.
long long count_rows(Connection& connection, const BatchChange& change);

}  // namespace martlet
