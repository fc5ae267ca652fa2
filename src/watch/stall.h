// Who of the application waits for a lock that a session of ours holds.
#pragma once

#include <optional>
#include <string>

#include "watch/lock_holder.h"

namespace martlet {

struct Stall {
  std::string relation, mode;  // what we hold: "orders", "AccessExclusiveLock"
  std::size_t sessions = 0;    // that wait for it
  LockHolder first;            // the one that has waited longest

  /// "AccessExclusiveLock on orders kept 3 sessions waiting, first pid 4711, …"
  std::string text() const;
};

/// The sessions that wait to read or change rows of a relation that `session` has locked, summed up; nullopt where
/// nobody does. DDL of others, and vacuum, may wait: nobody sits before them.
std::optional<Stall> stall_by(Connection& connection, int session);

}  // namespace martlet
