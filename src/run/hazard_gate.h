// Hazards in what a run would apply.
#pragma once

#include <vector>

#include "history/standing.h"
#include "plan/planner.h"
#include "run/course.h"

namespace martlet {

/// Judges the pending migrations, as one run, on the catalog of the target. Errors among the findings: on a protected
/// environment throws Error{validation} naming the first of them, unless settings.force_reason says why the run is to
/// go on all the same, which is recorded in the audit; elsewhere a warning event with their number. The lease is held.
void refuse_hazards(Course& course, const std::vector<const StandingEntry*>& pending);
/// The same with findings that are there already: those that the plan does not make good.
void refuse_hazards(Course& course, const std::vector<PlannedFile>& planned);

/// Where nobody could look: rolls back what was open and says so.
void tell_not_looked_for(Course& course, const Error& problem);

}  // namespace martlet
