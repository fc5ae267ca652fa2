// Applied migrations → the jobs that take them back.
#pragma once

#include <vector>

#include "run/course.h"

namespace martlet {

/// One job each, in the order in which they are given, last applied first. Of a migration of which a phase waits, what
/// was done is taken back. Throws Error{validation} where there is no down.
std::vector<Job> jobs_down(Course& course, const std::vector<const StandingEntry*>& applied);

}  // namespace martlet
