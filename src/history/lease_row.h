// The one row of the lease table, and PostgreSQL's advisory lock beside it.
#pragma once

#include <optional>
#include <string>

#include "db/connection.h"
#include "history/lease.h"
#include "history/process.h"

namespace martlet {

/// `session`: the advisory lock is what counts, the row says who has it; `row`: the row and its heartbeat count.
enum class LeaseMode { none, session, row };

struct LeaseRow {
  long long epoch = 0;
  LeaseMode mode = LeaseMode::none;
  std::string run_id;  // "" = free
  LeaseHolder holder;
  std::string process_mark;  // see process.h
  long backend_pid = 0;
  std::chrono::milliseconds heartbeat_age{0};
  bool got_session_lock = false;  // of a read that tried for it

  bool is_free() const { return run_id.empty(); }
  Liveness process() const { return liveness(holder.pid, process_mark); }
};

enum class Try { nothing, session_lock };
/// Reads the row; PostgreSQL with Try::session_lock: tries for the advisory lock in the same round trip.
LeaseRow read_lease_row(Connection& connection, const HistoryNames& names, Try attempt);

/// Makes the row ours if it is still as `seen` and no transaction holds it. The new epoch, or nullopt.
std::optional<long long> take_lease_row(Connection& connection, const HistoryNames& names, const LeaseRow& seen,
                                        const Identity& who, LeaseMode mode);
/// Makes the row free if it is still ours.
void free_lease_row(Connection& connection, const HistoryNames& names, const Identity& who, long long epoch);

/// A server session that holds the advisory lock.
struct LockingSession {
  long pid = 0;
  std::string user, application, query;
};
/// nullopt where nobody holds it, or where it cannot be seen.
std::optional<LockingSession> find_locking_session(Connection& connection, const HistoryNames& names);

}  // namespace martlet
