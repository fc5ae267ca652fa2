// What was run in spite of what spoke against it, with the reason, in the audit.
#pragma once

#include <string>
#include <vector>

#include "run/course.h"

namespace martlet {

/// One event with settings.force_reason and these lines, in a transaction of its own.
void record_forced(Course& course, const std::vector<std::string>& in_spite_of);

}  // namespace martlet
