#include "run/dry_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "run/batching.h"
#include "run/missing_values.h"
#include "run/planning.h"
#include "run/refusals.h"
#include "run/runner.h"
#include "run/scratch_copy.h"
#include "step/batch/run_batches.h"

namespace martlet {
namespace {

std::string rows_text(Connection& connection, const BatchChange& change) {
  try {
    return fmt::format("{} rows", count_rows(connection, change));
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error&) {
    // A statement before it makes the table or the column.
    connection.rollback();
    if (change.rows < 0) return "rows not known yet";
    return fmt::format("at most about {:.0f} rows", change.rows);
  }
}

std::string batches_text(Connection& connection, const BatchChange& change) {
  std::vector<std::string> columns;
  for (const BatchChange::Key& each : change.key) columns.push_back(each.column);
  return fmt::format("in batches by {}, {}", columns.empty() ? "ctid" : join(columns, ", "),
                     rows_text(connection, change));
}

DryMigration describe(Connection& connection, const Job& job) {
  DryMigration dry{.id = job.id,
                   .label = job.label,
                   .name = job.name,
                   .file = job.file,
                   .direction = job.direction,
                   .transactional = job.script.transactional,
                   .why_not = job.script.why_not};
  for (const ScriptStatement& at : job.script.statements) {
    dry.statements.push_back({.sql = at.statement.text,
                              .place = at.statement.place,
                              .transactional = at.traits.transactional(),
                              .batches = at.batch ? batches_text(connection, *at.batch->change) : ""});
  }
  return dry;
}

// What a batch goes through may be made by an earlier migration.
void resolve_batches(Connection& connection, std::vector<Job>& jobs) {
  if (std::ranges::none_of(jobs, [](const Job& job) { return has_batches(job.script); })) return;
  BatchResolver resolver(connection);
  for (Job& job : jobs) resolver.resolve(job.script);
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
  if (plan && direction == Direction::up) refuse_missing_values(course.session(), *plan);
  if (plan) follow(course, jobs, *plan);
  Connection& connection = course.session().connection();
  resolve_batches(connection, jobs);
  std::vector<DryMigration> dry;
  for (const Job& each : jobs) dry.push_back(describe(connection, each));
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
