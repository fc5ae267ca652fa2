// Who blocks whom, of all sessions of a database.
#pragma once

#include <string>
#include <vector>

#include "base/duration.h"
#include "db/connection.h"

namespace martlet {

struct LockSession {
  long pid = 0;                                 // 0: a prepared transaction, whose name is the query's
  std::string user, application, state, query;  // passwords masked
  std::string wants;                            // "orders (AccessExclusiveLock)"; "" = it does not wait
  Milliseconds age{0};                          // of its transaction
  std::vector<long> blockers;
  std::size_t behind = 0;  // sessions that wait for it, directly or behind others
};

/// Sessions that wait for a lock, and those they wait for: first who waits for nobody, and of those the one that most
/// sessions wait for. PostgreSQL. One round trip.
std::vector<LockSession> read_lock_tree(Connection& connection);

}  // namespace martlet
