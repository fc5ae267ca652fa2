#include "run/planned_job.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "history/stored_plan.h"
#include "plan/json.h"

namespace martlet {
namespace {

// A statement that runs as it was written keeps the wish that stands before it in the file.
void keep_wish(const PlannedStep& step, const Script& file, ScriptStatement& at) {
  const bool as_written = sha256_hex(step.statement.text) == step.source_digest;
  if (!as_written || step.source >= file.statements.size() || !file.statements[step.source].batch) return;
  at.batch = file.statements[step.source].batch;
  at.traits = file.statements[step.source].traits;
  at.transaction = 0;
}

// What it will lock so that others have to wait: looked at before it queues.
void add_locks(const PlannedStep& step, std::vector<WantedLock>& locks) {
  if (!step.traits.transactional()) return;  // concurrent builds wait for others by design
  for (const StepEffect& each : step.effects) {
    if (blocks_writes(each.lock)) locks.push_back({each.qualified, each.lock});
  }
}

// A batch step runs through its own executor (step/batch/), not as one statement.
void take_batch(const PlannedStep& step, ScriptStatement& at) {
  if (!step.batch) return;
  at.batch = BatchWish{.place = step.statement.place, .change = step.batch};
  at.traits.kind = NonTransactional::batched;
}

Script script_of(const PlannedMigration& planned, const Script& file) {
  Script script;
  script.transactional = false;
  script.why_not = planned.why;
  for (const PlannedStep& each : planned.steps) {
    if (each.phase != Phase::expand) continue;
    script.statements.push_back({.statement = each.statement, .traits = each.traits, .transaction = each.transaction});
    take_batch(each, script.statements.back());
    keep_wish(each, file, script.statements.back());
    add_locks(each, script.statements.back().locks);
  }
  return script;
}

// The file as it stands now, under the stored steps.
void refresh(PlannedMigration& planned, const Script& file) {
  for (PlannedStep& step : planned.steps) {
    const bool there = step.source < file.statements.size();
    const Statement* now = there ? &file.statements[step.source].statement : nullptr;
    const bool same = now && sha256_hex(now->text) == step.source_digest;
    const bool as_written = sha256_hex(step.statement.text) == step.source_digest;
    if (now && as_written) {
      step.statement = *now;
      step.traits = file.statements[step.source].traits;
    } else if (!same) {
      throw Error(
          ErrorKind::validation,
          fmt::format("{} was interrupted, and a statement that runs in steps was changed since", planned.label))
          .at(step.statement.place)
          .leaves("some of its steps are done, others are not; this run changed nothing")
          .next("put the statement back as it was and run `martlet resume`");
    }
  }
}

}  // namespace

void follow_plan(Job& job, const PlannedMigration& planned) {
  if (!planned.stepwise) {
    for (const PlannedStep& each : planned.steps) add_locks(each, job.locks);
    return;
  }
  job.script = script_of(planned, job.script);
  job.planned = planned;
}

void follow_stored_plan(Session& session, Job& job) {
  const auto stored =
      read_plan(session.connection(), session.names, job.id, std::string(direction_name(job.direction)));
  if (!stored || stored->state != PlanState::running) return;
  PlannedMigration planned = from_stored(stored->plan);
  refresh(planned, job.script);
  follow_plan(job, planned);
}

void store_plan(Session& session, const Job& job) {
  if (!job.planned) return;
  session.commit({plan_write(
      session.names,
      {.migration = job.id, .direction = std::string(direction_name(job.direction)), .plan = stored_text(*job.planned)},
      session.settings.who)});
}

std::vector<Request> conclude_plan(const Session& session, const Job& job) {
  if (!job.planned) return {};
  const std::string direction(direction_name(job.direction));
  if (!job.planned->has(Phase::contract) && !job.planned->has(Phase::finish)) {
    return {plan_forget(session.names, job.id, direction)};
  }
  return {plan_write(
      session.names,
      {.migration = job.id, .direction = direction, .state = PlanState::expanded, .plan = stored_text(*job.planned)},
      session.settings.who)};
}

}  // namespace martlet
