#include "run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "run/course.h"
#include "run/down_jobs.h"
#include "run/hazard_gate.h"
#include "run/leftovers.h"
#include "run/missing_values.h"
#include "run/planning.h"
#include "run/promotion.h"
#include "run/refusals.h"
#include "run/run_jobs.h"

namespace martlet {
namespace {

std::vector<Job> jobs_up(Course& course, const std::vector<const StandingEntry*>& pending) {
  std::vector<Job> jobs;
  jobs.reserve(pending.size());
  for (const StandingEntry* entry : pending) jobs.push_back(course.maker().up(*entry->migration));
  return jobs;
}

}  // namespace

RunReport up(const RunSettings& settings, const Goal& goal) {
  Course course(settings);  // reads the folder, connects, reads the ledger
  if (!course.has_leftovers()) {
    refuse_inconsistent(course.session(), course.folder(), course.entries());
    if (pending_until(course.entries(), goal).empty()) return course.conclude();
  }
  course.take_lease();       // one run per target; looks at the ledger again
  resume_leftovers(course);  // what a crash left comes first
  refuse_inconsistent(course.session(), course.folder(), course.entries());
  const std::vector<const StandingEntry*> pending = pending_until(course.entries(), goal);
  refuse_unproven(course, pending);
  std::vector<Job> jobs = jobs_up(course, pending);
  if (const std::optional<PendingPlan> plan = plan_ups(course, pending)) {
    refuse_other_plan(settings, *plan);
    refuse_missing_values(course.session(), *plan);
    refuse_over_budget(course, *plan);
    if (settings.judges) refuse_hazards(course, plan->files);
    follow(course, jobs, *plan);
  } else {
    refuse_hazards(course, pending);
  }
  run_jobs(course, jobs);
  return course.conclude();
}

RunReport down(const RunSettings& settings, const Goal& goal) {
  if (goal.kind == Goal::Kind::base && settings.guarded()) {
    throw Error(ErrorKind::refused, "taking back everything is refused on a protected environment")
        .leaves("nothing was run")
        .next("go down to a version with `martlet down --to V`, or restore a backup");
  }
  Course course(settings);
  if (!course.has_leftovers() && applied_beyond(course.entries(), goal).empty()) return course.conclude();
  course.take_lease();
  resume_downs_only(course);
  std::vector<Job> jobs = jobs_down(course, applied_beyond(course.entries(), goal));
  if (const std::optional<PendingPlan> plan = plan_downs(course, jobs)) {
    refuse_over_budget(course, *plan);
    follow(course, jobs, *plan);
  }
  run_jobs(course, jobs);
  return course.conclude();
}

RunReport resume(const RunSettings& settings) {
  Course course(settings);
  if (!course.has_leftovers()) return course.conclude();
  course.take_lease();
  resume_leftovers(course);
  return course.conclude();
}

RunReport undo(const RunSettings& settings) {
  Course course(settings);
  if (!course.has_leftovers()) return course.conclude();
  course.take_lease();
  undo_leftovers(course);
  return course.conclude();
}

RunReport go_to(const RunSettings& settings, const std::string& version) {
  const Goal goal = Goal::parse(version);
  if (goal.kind == Goal::Kind::head || goal.steps > 0) return up(settings, goal);
  if (goal.kind == Goal::Kind::base || goal.steps < 0) return down(settings, goal);
  const Course course(settings);
  const StandingEntry& target = find_version(course.entries(), goal.version);
  const bool applied = target.row && target.row->counts_as_applied();
  return applied ? down(settings, goal) : up(settings, goal);
}

// For development, where nobody waits for old code: what was apart is together again.
RunReport redo(const RunSettings& theirs, long count) {
  RunSettings settings = theirs;
  settings.phases = Phases::together;
  Course course(settings);
  course.take_lease();
  resume_leftovers(course);
  refuse_inconsistent(course.session(), course.folder(), course.entries());
  const auto applied = applied_beyond(course.entries(), {.kind = Goal::Kind::steps, .steps = -count});
  for (const StandingEntry* entry : applied) {
    if (entry->migration) continue;
    throw Error(ErrorKind::validation, fmt::format("{} cannot be redone: its file is gone", entry->label()))
        .leaves("nothing was run");
  }
  std::vector<const StandingEntry*> again(applied.rbegin(), applied.rend());
  for (const StandingEntry& entry : course.entries()) {  // a down makes them due: what they made may be gone
    const bool ran = entry.standing == Standing::applied && entry.migration->kind == MigrationKind::repeatable;
    if (ran && !applied.empty()) again.push_back(&entry);
  }
  std::vector<Job> undo = jobs_down(course, applied);
  std::vector<Job> again_jobs = jobs_up(course, again);
  if (const std::optional<RedoPlan> plan = plan_redo(course, undo, again)) {
    refuse_over_budget(course, plan->downs);
    refuse_over_budget(course, plan->ups);
    if (settings.judges) refuse_hazards(course, plan->ups.files);
    follow(course, undo, plan->downs);
    follow(course, again_jobs, plan->ups);
  }
  run_jobs(course, undo);
  run_jobs(course, again_jobs);
  return course.conclude();
}

}  // namespace martlet
