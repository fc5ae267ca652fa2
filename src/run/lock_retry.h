// The unit of retry is the whole transaction; nothing is held between attempts.
#pragma once

#include <functional>

#include "run/session.h"

namespace martlet {

/// Calls `attempt` until it returns, as long as it throws LockTimeout or is the victim of a deadlock, with a jittered
/// pause between, until settings.lock_deadline has passed. Rolls back after every failure. At the end throws
/// LockTimeout naming who stood in the way; any other error passes through.
void retry_while_locked(Session& session, const std::function<void()>& attempt);

}  // namespace martlet
