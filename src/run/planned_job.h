// A job that runs as it was planned, and what is kept so that a crash can be resumed by the same plan.
#pragma once

#include <vector>

#include "plan/plan.h"
#include "run/job.h"
#include "run/session.h"

namespace martlet {

/// Puts the steps of the job's phase in place of its script, unless that is one transaction of the statements as they
/// were written. Either way the job knows which locks it will want.
void follow_plan(Job& job, const PlannedMigration& planned);

/// The plan that an unfinished run of this job has left is followed again. A statement that was edited since runs as it
/// now stands, where it runs as written; throws Error{validation} where steps of a safe form stand for it.
void follow_stored_plan(Session& session, Job& job);

/// Before the first step: the plan is stored. Failpoint: plan-stored.
void store_plan(Session& session, const Job& job);
/// Part of the transaction that records the job: the plan goes, or is kept for its next phase.
std::vector<Request> conclude_plan(const Session& session, const Job& job);
/// Before that: how often statements that name what the contract will take away were called so far, as far as the
/// server counts them.
void note_calls(Session& session, Job& job);

}  // namespace martlet
