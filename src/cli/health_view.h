// Health checks on the terminal: what `doctor` and `verify` have in common.
#pragma once

#include "cli/command.h"
#include "gate/health.h"

namespace martlet {

/// Asks the checks of `asker`, shows each as soon as it is answered, and returns the exit code.
int run_health_checks(Context& context, AskedBy asker);

}  // namespace martlet
