#include "run/run_jobs.h"

#include <fmt/format.h>

#include "base/cancel.h"
#include "base/text.h"
#include "run/backup_policy.h"
#include "run/consent.h"
#include "run/lock_capacity.h"
#include "run/run_guard.h"
#include "run/stepwise.h"
#include "run/transaction_run.h"

namespace martlet {
namespace {

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

void do_jobs(Course& course, std::vector<Job>& jobs) {
  backup_first(course, jobs);  // after the hook that may have stopped the application: a restore loses nothing then
  if (course.settings().tx == TxMode::all) return run_all_in_one(course, jobs);
  for (Job& job : jobs) {
    course.session().stand_by([&] { return what_remains(jobs, job); });
    course.starting({&job, 1});
    cancel::check();
    if (job.script.transactional) {
      run_in_transaction(course.session(), {&job, 1});
    } else {
      run_stepwise(course.session(), job, {});
    }
    course.finished(job);
  }
}

}  // namespace

void run_jobs(Course& course, std::vector<Job>& jobs) {
  if (jobs.empty()) return;
  const std::vector<std::string> losses = destruction(jobs, course.session().dialect());
  require_consent(course.settings(), losses);
  if (course.settings().guarded() && !losses.empty()) record_consent(course, losses);
  for (const Job& job : jobs) {
    course.settings().emit({.kind = EventKind::migration_planned, .migration = job.label, .text = job.name});
  }
  course.run_with_hooks(jobs.front().direction, [&] {
    if (jobs.front().direction == Direction::down) return do_jobs(course, jobs);
    // What a later phase took away, no down brings back by itself.
    const bool first_phase = jobs.front().phase == Phase::expand;
    RunGuard(course, first_phase ? RunGuard::Rollback::as_configured : RunGuard::Rollback::never).run([&] {
      do_jobs(course, jobs);
    });
  });
}

}  // namespace martlet
