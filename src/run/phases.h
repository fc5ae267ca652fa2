// The later phases of what `up` has expanded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "history/stored_plan.h"
#include "plan/plan.h"
#include "run/course.h"
#include "run/use.h"

namespace martlet {

/// A migration of which a phase waits.
struct WaitingPhase {
  const StandingEntry* entry = nullptr;  // of the course
  PlannedMigration planned;
  Phase next = Phase::contract;
  std::string since;  // when the phase before it was done: ISO 8601, UTC
  std::string due;    // the same and the wait between them
  bool is_due = false;
};

/// All that wait, in the order in which their migrations were applied. Reads the stored plans; none on SQLite. Leaves
/// out what an interrupted run is in the middle of.
std::vector<WaitingPhase> waiting_phases(Course& course);

/// A job for each, along its stored plan. What stands below `-- martlet:contract` is planned now; what that would do to
/// the application is refused as `up` refuses it.
std::vector<Job> jobs_of_phase(Course& course, const std::vector<WaitingPhase>& waiting);

/// Throws Error{refused} where something made since `up` would go with a column's second name, which the contract takes
/// away: it is to be made again afterwards.
void refuse_to_lose(Session& session, const WaitingPhase& waiting);

/// Throws Error{refused} on a protected environment where something still uses what the contract takes away; with
/// --force and a reason it is recorded and run. Elsewhere a warning is told.
void refuse_in_use(Course& course, const WaitingPhase& waiting, const UseFound& found);

}  // namespace martlet
