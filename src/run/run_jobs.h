// Runs the jobs of one command, one after the other.
#pragma once

#include <vector>

#include "run/course.h"

namespace martlet {

/// Asks for consent where data would be destroyed, takes the backup that the policy wants, and runs the jobs in their
/// order, each in its transaction or step by step, with hooks and callbacks around all of them. Nothing for no jobs.
void run_jobs(Course& course, std::vector<Job>& jobs);

}  // namespace martlet
