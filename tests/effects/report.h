// What came out of many cases.
#pragma once

#include <string>
#include <vector>

#include "tests/effects/world.h"

namespace martlet::testing {

/// Runs the cases and fails the test for each on which the model was wrong, saying what it predicted and what was
/// measured. At most `unknown` of them may be answered with "not known", which is no claim. Environment:
/// MARTLET_EFFECTS_ONLY=text runs only cases that contain the text; MARTLET_EFFECTS_REPORT=file gets the mismatches,
/// grouped by who has to look at them.
void run_cases(const std::vector<EffectCase>& cases, std::size_t unknown);

/// Locks, rewrites, scans of each relation in one line.
std::string describe(const Effects& effects);

}  // namespace martlet::testing
