#include "history/lease.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/cancel.h"
#include "base/duration.h"
#include "base/secret.h"
#include "history/lease_row.h"
#include "history/record.h"
#include "history/values.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

// A killed client's server process ends by itself within client_connection_check_interval; after this it is ended.
constexpr std::chrono::seconds kPatienceWithOrphan{2};
// How long, whatever --wait-lease says, a run waits for the session of a holder that is known to be dead,
constexpr std::chrono::seconds kPatienceWithDead{15};
// and for one that has just taken the lease and has not yet signed the row: only then can it be named.
constexpr std::chrono::seconds kPatienceWithNewcomer{1};

// Nobody works with this lease any more: it may be taken without asking. `ours`: this run's own, on a lost connection.
bool abandoned(const LeaseRow& row, const Identity& who, std::chrono::milliseconds expiry) {
  if (row.is_free() || row.run_id == who.run_id) return true;
  switch (row.process()) {
    case Liveness::gone:
      return true;
    case Liveness::alive:
      return false;
    case Liveness::unknown:
      return row.heartbeat_age > expiry;
  }
  return false;
}

// One attempt. Fills `seen` with the row as it was read; the new epoch, or nullopt where somebody works.
std::optional<long long> try_session(Connection& connection, const HistoryNames& names, const Identity& who,
                                     const Lease::Options& options, LeaseRow& seen) {
  seen = read_lease_row(connection, names, Try::session_lock);
  if (!seen.got_session_lock) return std::nullopt;
  std::optional<long long> epoch;
  // A holder by session that does not have the session lock is gone; one by row may be at work behind a pooler.
  if (seen.mode != LeaseMode::row || abandoned(seen, who, options.expiry)) {
    epoch = take_lease_row(connection, names, seen, who, LeaseMode::session);
  }
  if (!epoch) connection.execute("SELECT pg_catalog.pg_advisory_unlock($1::bigint)", {std::to_string(names.lock_key)});
  return epoch;
}

std::optional<long long> try_row(Connection& connection, const HistoryNames& names, const Identity& who,
                                 const Lease::Options& options, LeaseRow& seen) {
  seen = read_lease_row(connection, names, Try::nothing);
  const bool may_take =
      seen.mode == LeaseMode::session ? !find_locking_session(connection, names) : abandoned(seen, who, options.expiry);
  if (!may_take) return std::nullopt;
  return take_lease_row(connection, names, seen, who, LeaseMode::row);
}

// The holder was killed, but its server process goes on, as one that waits in CREATE INDEX CONCURRENTLY does.
void end_orphan(Connection& connection, const HistoryNames& names, const LeaseRow& seen) {
  const auto session = find_locking_session(connection, names);
  // Another run may have taken the lock between the two reads: only the session that the row names is ended.
  if (!session || session->pid != seen.backend_pid) return;
  try {
    connection.execute("SELECT pg_catalog.pg_terminate_backend($1::integer)", {std::to_string(session->pid)});
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error&) {
    // Not permitted: the error at the end of the wait names the session for somebody who may.
  }
}

bool is_orphan(const LeaseRow& row, const Identity& who) {
  if (row.mode != LeaseMode::session) return false;
  return row.run_id == who.run_id || row.process() == Liveness::gone;
}

std::chrono::milliseconds least_patience(const LeaseRow& seen, const Identity& who) {
  if (is_orphan(seen, who)) return kPatienceWithDead;
  return seen.is_free() ? kPatienceWithNewcomer : std::chrono::seconds(0);
}

std::string name_holder(Connection& connection, const HistoryNames& names, const LeaseRow& seen, bool session_lock) {
  if (!session_lock) return seen.holder.text();
  const auto session = find_locking_session(connection, names);
  if (!seen.is_free() && seen.process() != Liveness::gone) return seen.holder.text();
  if (!session) return seen.holder.text();
  return "server process " + std::to_string(session->pid) + " (user " + session->user + ", application " +
         session->application + ", last statement: " + mask_passwords(session->query) + ")";
}

std::string waited_text(std::chrono::milliseconds waited) {
  return waited.count() == 0 ? "" : " (waited " + show_duration(waited) + ")";
}

LockTimeout not_obtained(const std::string& who, std::chrono::milliseconds waited) {
  LockTimeout error(ErrorKind::lock, "another martlet run holds the lease: " + who + waited_text(waited));
  error.leaves("nothing was changed by this run")
      .next("wait for it with `--wait-lease 60s`, or see what it does with `martlet locks`");
  return error;
}

LockTimeout file_busy(std::chrono::milliseconds waited) {
  LockTimeout error(ErrorKind::lock, "the database file is locked by another process" + waited_text(waited));
  error.with_sqlstate("SQLITE_BUSY")
      .leaves("nothing was changed by this run")
      .next("wait for it with `--wait-lease 60s`, or close the program that writes to the file");
  return error;
}

// Around 100 ms at first, up to 500 ms later, jittered so that many waiters do not ask at the same moment.
long pause_ms(int attempt) {
  static thread_local std::minstd_rand random(std::random_device{}());
  const long base = std::min(500L, 100L + 20L * attempt);
  return std::uniform_int_distribution<long>(base * 3 / 4, base * 5 / 4)(random);
}

}  // namespace

std::string LeaseHolder::text() const {
  const std::string clock = since.size() >= 19 ? since.substr(11, 8) : since;
  return actor + "@" + host + " (pid " + std::to_string(pid) + ", " + application + ", since " + clock + " UTC)";
}

std::optional<LeaseHolder> read_lease(Connection& connection, const HistoryNames& names) {
  const LeaseRow row = read_lease_row(connection, names, Try::nothing);
  if (row.is_free() || row.process() == Liveness::gone) return std::nullopt;
  if (row.mode == LeaseMode::session && !find_locking_session(connection, names)) return std::nullopt;
  return row.holder;
}

Lease Lease::acquire(Connection& connection, const HistoryNames& names, const Identity& who, const Options& options) {
  Lease lease;
  lease.connection_ = &connection;
  lease.names_ = names;
  lease.who_ = who;
  lease.session_lock_ = names.dialect == Dialect::postgres && !connection.behind_pooler();
  try {
    lease.take(options);
  } catch (...) {
    lease.connection_ = nullptr;  // nothing is held: nothing is to be released
    throw;
  }
  return lease;
}

void Lease::take(const Options& options) {
  const auto begun = Clock::now();
  std::string announced;
  for (int attempt = 0;; ++attempt) {
    LeaseRow seen;
    bool busy = false;
    try {
      const auto epoch = session_lock_ ? try_session(*connection_, names_, who_, options, seen)
                                       : try_row(*connection_, names_, who_, options, seen);
      if (epoch) {
        epoch_ = *epoch;
        return;
      }
    } catch (const LockTimeout&) {
      busy = true;
    }
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    if (is_orphan(seen, who_) && session_lock_ && waited > kPatienceWithOrphan) end_orphan(*connection_, names_, seen);
    const auto limit = std::max(options.wait, least_patience(seen, who_));
    if (waited >= limit) {
      if (busy) throw file_busy(options.wait);
      throw not_obtained(name_holder(*connection_, names_, seen, session_lock_), options.wait);
    }
    if (options.waiting && !seen.is_free() && seen.run_id != announced) options.waiting(seen.holder);
    announced = seen.run_id;
    cancel::sleep_ms(std::min<long>(pause_ms(attempt), (limit - waited).count()));
  }
}

Lease::Lease(Lease&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      names_(std::move(other.names_)),
      who_(std::move(other.who_)),
      epoch_(other.epoch_),
      session_lock_(other.session_lock_) {}

Lease::~Lease() {
  release();
}

Request Lease::fence() const {
  const std::vector<Value> mine{who_.run_id, std::to_string(epoch_)};
  if (!session_lock_) {
    // One writer at a time: there a row that is ours stays so until the COMMIT, and need not be written each time.
    const bool one_writer = names_.dialect == Dialect::sqlite;
    return {"UPDATE " + names_.lease + " SET heartbeat = " + names_.now +
                ", epoch = CASE WHEN run_id = $1 AND epoch = $2 THEN epoch END" +
                (one_writer ? " WHERE run_id <> $1 OR epoch <> $2 OR coalesce(heartbeat, '') < "
                              "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 seconds')"
                            : ""),
            mine};
  }
  // SQL has no statement that fails on purpose; a cast that cannot succeed, and that the planner cannot do ahead, does.
  return {
      "SELECT CASE WHEN count(*) = 1 THEN 1 ELSE CAST('martlet: the lease is lost' || count(*) AS integer) END "
      "FROM (SELECT 1 FROM " +
          names_.lease + " WHERE run_id = $1 AND epoch = $2 FOR SHARE) held",
      mine};
}

void Lease::check(Connection& connection) {
  const LeaseRow row = read_lease_row(connection, names_, Try::nothing);
  bool ours = row.run_id == who_.run_id && row.epoch == epoch_;
  if (ours && session_lock_) {
    const auto session = find_locking_session(connection, names_);
    const bool held = session && session->pid == connection.backend_pid();
    ours = held || read_lease_row(connection, names_, Try::session_lock).got_session_lock;
  }
  if (ours) return;
  LockTimeout error(ErrorKind::lock, "the lease was lost: " + (row.is_free() ? "it was released" : row.holder.text()));
  error.next("see who runs with `martlet locks`, then `martlet status`");
  throw error;
}

void Lease::reacquire(Connection& connection, const Options& options) {
  connection_ = &connection;
  session_lock_ = names_.dialect == Dialect::postgres && !connection.behind_pooler();
  take(options);
}

Request renew_lease(const HistoryNames& names, const std::string& run_id) {
  return {"UPDATE " + names.lease + " SET heartbeat = " + names.now + " WHERE run_id = $1 AND mode = 'row'", {run_id}};
}

void Lease::release() noexcept {
  Connection* connection = std::exchange(connection_, nullptr);
  if (!connection) return;
  connection->rollback();
  // A busy SQLite file is worth a few tries; a lost session frees the lock by itself, a dead process is recognised.
  for (int attempt = 0; attempt < 20; ++attempt) {
    try {
      free_lease_row(*connection, names_, who_, epoch_);
      if (session_lock_) {
        connection->execute("SELECT pg_catalog.pg_advisory_unlock($1::bigint)", {std::to_string(names_.lock_key)});
      }
      return;
    } catch (const LockTimeout&) {
      continue;
    } catch (...) {
      return;
    }
  }
}

std::vector<Request> free_of_runs(const HistoryNames& names, long long epoch) {
  const std::string known = "SELECT " + std::to_string(epoch) + " AS epoch UNION ALL SELECT epoch FROM " +
                            names.ledger + " UNION ALL SELECT epoch FROM " + names.lease;
  return {{"CREATE TEMPORARY TABLE martlet_epoch AS SELECT max(epoch) + 1 AS epoch FROM (" + known + ") known", {}},
          {"DELETE FROM " + names.lease, {}},
          {"INSERT INTO " + names.lease + " (epoch) SELECT epoch FROM martlet_epoch", {}},
          {"DROP TABLE martlet_epoch", {}},
          {"DELETE FROM " + names.control, {}},
          {"INSERT INTO " + names.control + " DEFAULT VALUES", {}}};
}

}  // namespace martlet
