// The unit of retry is the whole transaction; nothing is held between attempts.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "run/session.h"

namespace martlet {

/// What the attempts will lock, as far as it is known, and how long one may queue where that is not the settings'.
struct WantedLocks {
  std::vector<WantedLock> locks;
  std::optional<Milliseconds> wait;
};

/// Calls `attempt` until it returns, as long as it throws LockTimeout or is the victim of a deadlock, with a jittered
/// pause between, until settings.lock_deadline has passed. Makes no attempt while a session that is at work for long
/// has what is wanted, or what the attempt before was seen to queue for. Rolls back after every failure. At the end
/// throws LockTimeout naming who stood in the way; Error{lock} where an attempt was cancelled because it kept the
/// application waiting for too long; any other error passes through.
void retry_while_locked(Session& session, WantedLocks wanted, const std::function<void()>& attempt);

}  // namespace martlet
