// [hooks]: the team's own commands around a run (maintenance mode, feature flags, notifications).
#pragma once

#include <string>

#include "run/settings.h"

namespace martlet {

/// What a hook learns through its environment: MARTLET_EVENT, MARTLET_RUN_ID, MARTLET_ENVIRONMENT, MARTLET_ACTOR,
/// MARTLET_VERSION (where the database is), MARTLET_ERROR.
struct HookSituation {
  std::string event;  // "before", "after", "on_failure"
  std::string version;
  std::string error;
};

/// Runs `command` by /bin/sh; its output goes to stderr. Does nothing for "". Throws Error{refused} when it exits
/// non-zero or cannot be run.
void run_hook(const RunSettings& settings, const std::string& command, const HookSituation& situation);

}  // namespace martlet
