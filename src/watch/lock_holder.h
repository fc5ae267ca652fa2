// Who stands in the way of a lock, and what is wanted.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/duration.h"
#include "db/connection.h"
#include "effects/effects.h"

namespace martlet {

/// A lock that a statement will take on a relation that others may be using.
struct WantedLock {
  std::string relation;  // as to_regclass() reads it: quoted where need be, best with its schema
  LockMode mode = LockMode::access_exclusive;
};

/// The modes that conflict with `mode`, as pg_locks names them ("AccessShareLock"); PostgreSQL docs, table 13.2.
std::vector<std::string> conflicting_modes(LockMode mode);
/// The mode that pg_locks names like this; nullopt for what is no mode of a relation.
std::optional<LockMode> lock_mode_of(std::string_view pg_locks_name);

/// A session, or a prepared transaction, that has a lock or stands before us in the queue for one.
struct LockHolder {
  int pid = 0;                      // 0: a prepared transaction, which has no process
  std::string prepared;             // its name, where it is one
  std::string user, application;    // "" where this role may not see them
  std::string state, query;         // passwords masked, one line
  std::string backend_type;         // "client backend", "autovacuum worker", …
  std::optional<Milliseconds> age;  // of its transaction; of its wait, where it only queues; nullopt: may not be seen
  std::string transaction;          // virtual transaction id: tells one transaction of a session from the next
  std::string relation, mode;       // what it has, or queues for: "orders", "AccessShareLock"; "" where not known
  enum class Place { holds, queues } place = Place::holds;

  /// An autovacuum worker that gives way: it is cancelled once somebody has waited for deadlock_timeout. One that works
  /// against wraparound does not (PostgreSQL docs 25.1.6).
  bool gives_way() const;
  /// "pid 4711, user app, application web, idle in transaction for 3 min 05 s: SELECT …"
  std::string text() const;
};

/// Everybody who holds a lock that conflicts with one of `wanted`, or queues for one, oldest first, each once. Looks at
/// this database only; `session` is the one that wants them and is left out. One round trip, no waiting. Where a
/// relation does not exist, nobody has it.
std::vector<LockHolder> holders_in_the_way(Connection& connection, std::span<const WantedLock> wanted, int session);

/// Whom the session is waiting for now (pg_blocking_pids), oldest first.
std::vector<LockHolder> blockers_of(Connection& connection, int session);

/// The relation lock that the session is queueing for now.
std::optional<WantedLock> lock_queued_for(Connection& connection, int session);

/// "; " between.
std::string text_of(std::span<const LockHolder> holders);

}  // namespace martlet
