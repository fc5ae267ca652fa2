// What became of a plan on a scratch copy.
#pragma once

#include "cli/output.h"
#include "run/plan_trial.h"

namespace martlet {

/// One line a step, what was not as predicted below it, and whether the plan is proven. With --json the same as fields.
void show_trial(Output& output, const PlanTrial& trial);

}  // namespace martlet
