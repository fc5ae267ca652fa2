#include "run/down_jobs.h"

#include <algorithm>

#include "run/phases.h"
#include "run/planned_job.h"
#include "run/undo.h"

namespace martlet {
namespace {

// Only a part of the migration is done: its own down part takes back the whole.
Job job_of_partly_done(Course& course, const WaitingPhase& waiting, const std::string& after) {
  const PlanState state = waiting.next == Phase::contract ? PlanState::expanded : PlanState::contracted;
  Job job = course.maker().undo(*waiting.entry, after);
  follow_plan(job, undo_plan(course.session(), waiting.planned, state, {}));
  return job;
}

const WaitingPhase* partly_done(const std::vector<WaitingPhase>& waiting, const StandingEntry& entry) {
  const auto found = std::ranges::find(waiting, &entry, &WaitingPhase::entry);
  const bool has = found != waiting.end() && (found->planned.has(Phase::contract) || found->planned.has(Phase::finish));
  return has ? &*found : nullptr;
}

}  // namespace

// What each down leads to is the one before it; the last one leads to what was applied before all of them.
std::vector<Job> jobs_down(Course& course, const std::vector<const StandingEntry*>& applied) {
  const std::vector<WaitingPhase> waiting = waiting_phases(course);
  std::vector<Job> jobs;
  jobs.reserve(applied.size());
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const std::string after = i + 1 < applied.size() ? applied[i + 1]->label() : course.version_below(*applied[i]);
    const WaitingPhase* partly = partly_done(waiting, *applied[i]);
    jobs.push_back(partly ? job_of_partly_done(course, *partly, after) : course.maker().down(*applied[i], after));
  }
  return jobs;
}

}  // namespace martlet
