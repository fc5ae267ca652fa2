// --dry-run, shown.
#pragma once

#include "cli/command.h"
#include "run/dry_run.h"

namespace martlet {

/// Shows the ordered statements, or with --dry-run=execute runs them on a scratch database and shows what happened.
/// Returns the exit code. Throws Error{usage} for any other value of --dry-run.
int show_dry_run(Context& context, RunSettings settings, Direction direction, const Goal& goal);

}  // namespace martlet
