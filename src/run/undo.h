// Takes back what was done of a plan, step by step.
#pragma once

#include <vector>

#include "history/journal.h"
#include "history/stored_plan.h"
#include "plan/plan.h"
#include "run/session.h"

namespace martlet {

/// The steps that are done, as a plan of what takes them back, last first. Which are done: all of the phases before
/// that of `state`, and in this one what the journal says; a statement that was cut off is settled by the catalog
/// first. Throws Error{validation}, with nothing run, naming a step that nothing takes back, and Error{partial} for one
/// of which nobody knows whether it happened.
PlannedMigration undo_plan(Session& session, const PlannedMigration& planned, PlanState state,
                           const std::vector<JournalEntry>& journal);

}  // namespace martlet
