#include "run/dry_run.h"

#include "run/planning.h"
#include "run/refusals.h"
#include "run/runner.h"
#include "run/scratch_copy.h"

namespace martlet {
namespace {

DryMigration describe(const Job& job) {
  DryMigration dry{.id = job.id,
                   .label = job.label,
                   .name = job.name,
                   .file = job.file,
                   .direction = job.direction,
                   .transactional = job.script.transactional,
                   .why_not = job.script.why_not};
  for (const ScriptStatement& at : job.script.statements) {
    dry.statements.push_back({at.statement.text, at.statement.place, at.traits.transactional()});
  }
  return dry;
}

}  // namespace

std::vector<DryMigration> dry_run(const RunSettings& settings, Direction direction, const Goal& goal) {
  Course course(settings);
  if (direction == Direction::up) refuse_inconsistent(course.session(), course.folder(), course.entries());
  const auto entries =
      direction == Direction::up ? pending_until(course.entries(), goal) : applied_beyond(course.entries(), goal);
  std::vector<Job> jobs;
  for (const StandingEntry* entry : entries) {
    jobs.push_back(direction == Direction::up ? course.maker().up(*entry->migration)
                                              : course.maker().down(*entry, course.version_below(*entry)));
  }
  const auto plan = direction == Direction::up ? plan_ups(course, entries) : plan_downs(course, jobs);
  if (plan) follow(course, jobs, *plan);
  std::vector<DryMigration> dry;
  for (const Job& each : jobs) dry.push_back(describe(each));
  return dry;
}

RunReport dry_run_on_scratch(const RunSettings& settings, Direction direction, const Goal& goal,
                             const std::string& scratch_url) {
  const auto scratch = make_scratch(settings, scratch_url);
  const RunSettings there = on_scratch(settings, scratch->url());
  copy_target(settings, there);
  return direction == Direction::up ? up(there, goal) : down(there, goal);
}

}  // namespace martlet
