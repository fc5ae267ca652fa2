// [hooks]: the team's own commands around a run (maintenance mode, feature flags, notifications).
#pragma once

#include <string>

#include "run/settings.h"

namespace martlet {

/// What a hook learns through its environment: MARTLET_EVENT, MARTLET_RUN_ID, MARTLET_ENVIRONMENT, MARTLET_ACTOR,
/// MARTLET_VERSION (where the database is), MARTLET_ERROR; and, for `before`, MARTLET_FENCE_FILE.
struct HookSituation {
  std::string event;  // "before", "after", "on_failure"
  std::string version;
  std::string error;
};

/// Runs `command` by /bin/sh; its output goes to stderr. Does nothing for "". Throws Error{refused} when it exits
/// non-zero or cannot be run. Returns true where it wrote "fenced" into the file that MARTLET_FENCE_FILE names: nobody
/// but this run writes to the database until the hook that ends the run.
bool run_hook(const RunSettings& settings, const std::string& command, const HookSituation& situation);

}  // namespace martlet
