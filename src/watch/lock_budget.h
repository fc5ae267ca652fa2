// How much an environment lets a run get in the application's way.
#pragma once

#include <optional>

#include "base/duration.h"

namespace martlet {

struct LockBudget {
  Milliseconds wait{100};          // how long one attempt may queue, and so let others queue behind it
  Milliseconds deadline{300'000};  // how long to go on trying
  Milliseconds max_block{200};     // how long sessions of the application may wait for what a run holds
  enum class OverBlock { cancel, say } over_block = OverBlock::cancel;  // what happens to a run that holds longer
  Milliseconds kill_after{0};  // sessions in the way are ended after this; 0 = never
};

/// What one attempt is allowed.
struct LockTerms {
  Milliseconds wait{100};  // its lock_timeout
  std::optional<Milliseconds>
      deadlock_timeout;  // set for it, where this role may, so that autovacuum gives way in time
};

}  // namespace martlet
