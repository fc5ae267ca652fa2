// Automatic rollback: what a failed run applied is taken back, as the environment's policy says.
#pragma once

#include <string>

#include "run/course.h"
#include "run/safeguards.h"

namespace martlet {

/// Runs the downs of what the run of this id applied, last first. Where one is missing, or would destroy what somebody
/// else than the run wrote, none is run, and the backup that was taken before the run is restored, where the policy
/// allows it, or offered. Tells and records what was done, and says in `error` how the database was left. Never throws.
void roll_back(Course& course, const Safeguards& safeguards, const std::string& run_id, Error& error) noexcept;

}  // namespace martlet
