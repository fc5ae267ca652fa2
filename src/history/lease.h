// One run at a time per target.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "history/ledger.h"
#include "history/names.h"

namespace martlet {

/// Who holds the lease, for messages.
struct LeaseHolder {
  std::string host, actor, application, since, heartbeat;
  long pid = 0;
  std::string text() const;  // "ana@build-7 (pid 4711, martlet/1f…, since 12:03:11)"
};

/// Who holds the lease now, nullopt where nobody does. The tables must exist.
std::optional<LeaseHolder> read_lease(Connection& connection, const HistoryNames& names);

/// The statements after which nobody runs in a restored database: its lease is free, with an epoch above `epoch` and
/// above that of every row in the ledger, so that no run of before the restore can write; nobody steers a run there.
std::vector<Request> free_of_runs(const HistoryNames& names, long long epoch);

/// Held from construction to release(). PostgreSQL with a session of its own: the advisory lock of names.lock_key on
/// the session that runs the SQL, taken by polling pg_try_advisory_lock with nothing open (a blocking wait deadlocks
/// CREATE INDEX CONCURRENTLY). Behind a pooler, and SQLite: the lease row; taken over when its holder's process is
/// gone (same host) or its heartbeat is older than `expiry`. In both cases the row's epoch is raised, so that a
/// zombie's transaction cannot commit: every transaction begins with fence() and ends with record_applied().
class Lease {
 public:
  struct Options {
    std::chrono::milliseconds wait{0};                // --wait-lease
    std::chrono::milliseconds expiry{30000};          // of a heartbeat, row mode only
    std::function<void(const LeaseHolder&)> waiting;  // called when it must wait, and when the holder changes
  };
  /// The tables must exist (bootstrap_history), and no transaction be open; the connection must outlive the lease.
  /// Throws LockTimeout (exit code 5) naming the holder. A holder that was killed on this host is not waited for longer
  /// than its server process needs to end.
  static Lease acquire(Connection& connection, const HistoryNames& names, const Identity& who, const Options& options);
  Lease(Lease&&) noexcept;
  ~Lease();  // releases, never throws

  long long epoch() const { return epoch_; }
  /// Locks the lease row FOR SHARE (a takeover then waits for this transaction) and renews the heartbeat in row mode;
  /// on SQLite, where its transaction keeps everybody else from writing, only one that is older than a second. Fails,
  /// so that the whole transaction does, where run and epoch are no longer those of the row: is_lease_lost() in
  /// history/record.h knows the error.
  Request fence() const;
  /// After a migration that may have discarded session state: is it still ours? Takes the session's lock again if the
  /// row still is; throws LockTimeout if not.
  void check(Connection& connection);
  /// On a new connection after the old one was lost: waits for the old session's transaction to end, and raises the
  /// epoch. What is read after it is the truth about a commit in doubt.
  void reacquire(Connection& connection, const Options& options);
  void release() noexcept;

 private:
  Lease() = default;
  void take(const Options& options);

  Connection* connection_ = nullptr;
  HistoryNames names_;
  Identity who_;
  long long epoch_ = 0;
  bool session_lock_ = false;
};

/// The heartbeat of a lease that is held by its row, for a run whose own session is busy with one statement, or stands
/// still. Does nothing where `run_id` no longer holds it.
Request renew_lease(const HistoryNames& names, const std::string& run_id);

}  // namespace martlet
