#include "run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/cancel.h"
#include "base/text.h"
#include "run/backup_policy.h"
#include "run/course.h"
#include "run/hazard_gate.h"
#include "run/leftovers.h"
#include "run/lock_capacity.h"
#include "run/planning.h"
#include "run/refusals.h"
#include "run/stepwise.h"
#include "run/transaction_run.h"

namespace martlet {
namespace {

std::vector<Job> jobs_up(Course& course, const std::vector<const StandingEntry*>& pending) {
  std::vector<Job> jobs;
  jobs.reserve(pending.size());
  for (const StandingEntry* entry : pending) jobs.push_back(course.maker().up(*entry->migration));
  return jobs;
}

// What each down leads to is the one before it; the last one leads to what was applied before all of them.
std::vector<Job> jobs_down(Course& course, const std::vector<const StandingEntry*>& applied) {
  std::vector<Job> jobs;
  jobs.reserve(applied.size());
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const std::string after = i + 1 < applied.size() ? applied[i + 1]->label() : course.version_below(*applied[i]);
    jobs.push_back(course.maker().down(*applied[i], after));
  }
  return jobs;
}

void run_all_in_one(Course& course, std::vector<Job>& jobs) {
  for (const Job& job : jobs) {
    if (job.script.transactional) continue;
    throw Error(ErrorKind::validation,
                fmt::format("{} cannot be part of one transaction: {}", job.label,
                            job.script.why_not.empty() ? "it asks for none (no-transaction)" : job.script.why_not))
        .at({job.file})
        .leaves("nothing was run")
        .next("use --tx file");
  }
  refuse_over_lock_capacity(course.session(), jobs);
  course.starting(jobs);
  run_in_transaction(course.session(), jobs);
  for (const Job& job : jobs) course.finished(job);
}

void record_consent(Course& course, const std::vector<std::string>& losses) {
  Session& session = course.session();
  session.commit({session.audit().append({.event = "agreed",
                                          .version_before = course.maker().current(),
                                          .version_after = course.maker().current(),
                                          .detail = join(losses, "; ")},
                                         course.settings().who)});
}

std::string what_remains(const std::vector<Job>& jobs, const Job& next) {
  const std::size_t done = static_cast<std::size_t>(&next - jobs.data());
  return fmt::format("{} of {} migrations remain, from {} on", jobs.size() - done, jobs.size(), next.label);
}

void run_jobs(Course& course, std::vector<Job>& jobs) {
  if (jobs.empty()) return;
  const std::vector<std::string> losses = destruction(jobs, course.session().dialect());
  require_consent(course.settings(), losses);
  if (course.settings().guarded() && !losses.empty()) record_consent(course, losses);
  for (const Job& job : jobs) {
    course.settings().emit({.kind = EventKind::migration_planned, .migration = job.label, .text = job.name});
  }
  course.run_with_hooks(jobs.front().direction, [&] {
    backup_first(course, jobs);  // after the hook that may have stopped the application: a restore loses nothing then
    if (course.settings().tx == TxMode::all) return run_all_in_one(course, jobs);
    for (Job& job : jobs) {
      course.session().helm().safe_point([&] { return what_remains(jobs, job); });
      course.starting({&job, 1});
      cancel::check();
      if (job.script.transactional) {
        run_in_transaction(course.session(), {&job, 1});
      } else {
        run_stepwise(course.session(), job, {});
      }
      course.finished(job);
    }
  });
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
  std::vector<Job> jobs = jobs_up(course, pending);
  if (const std::optional<PendingPlan> plan = plan_ups(course, pending)) {
    refuse_other_plan(settings, *plan);
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

RunReport go_to(const RunSettings& settings, const std::string& version) {
  const Goal goal = Goal::parse(version);
  if (goal.kind == Goal::Kind::head || goal.steps > 0) return up(settings, goal);
  if (goal.kind == Goal::Kind::base || goal.steps < 0) return down(settings, goal);
  const Course course(settings);
  const StandingEntry& target = find_version(course.entries(), goal.version);
  const bool applied = target.row && target.row->counts_as_applied();
  return applied ? down(settings, goal) : up(settings, goal);
}

RunReport redo(const RunSettings& settings, long count) {
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
  run_jobs(course, undo);
  run_jobs(course, again_jobs);
  return course.conclude();
}

}  // namespace martlet
