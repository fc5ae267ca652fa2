#include "run/planned_job.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/failpoint.h"
#include "history/stored_plan.h"
#include "plan/json.h"
#include "run/use.h"

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
    if (each.keeps_others_out()) locks.push_back({each.qualified, each.lock});
  }
}

// A batch step runs through its own executor (step/batch/), not as one statement.
void take_batch(const PlannedStep& step, ScriptStatement& at) {
  if (!step.batch) return;
  at.batch = BatchWish{.place = step.statement.place, .change = step.batch};
  at.traits.kind = NonTransactional::batched;
}

Script script_of(const PlannedMigration& planned, Phase phase, const Script& file) {
  Script script;
  script.transactional = !planned.stepwise;
  script.why_not = planned.why;
  for (const PlannedStep& each : planned.steps) {
    if (each.phase != phase) continue;
    script.statements.push_back({.statement = each.statement, .traits = each.traits, .transaction = each.transaction});
    take_batch(each, script.statements.back());
    keep_wish(each, file, script.statements.back());
    add_locks(each, script.statements.back().locks);
  }
  return script;
}

// The file as it stands now, under the stored steps of this phase.
void refresh(PlannedMigration& planned, const Script& file) {
  for (PlannedStep& step : planned.steps) {
    if (step.phase != Phase::expand) continue;
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

// As which the plan is kept until the phase is done.
PlanState state_before(Phase phase) {
  constexpr PlanState kStates[] = {PlanState::running, PlanState::expanded, PlanState::contracted};
  return kStates[static_cast<std::size_t>(phase)];
}

// And when it is; nullopt = nothing waits.
std::optional<PlanState> state_behind(const Job& job) {
  if (job.direction == Direction::down) return std::nullopt;
  const PlannedMigration& planned = *job.planned;
  if (job.phase == Phase::expand && planned.has_later()) return PlanState::expanded;
  if (job.phase == Phase::contract && planned.has(Phase::finish)) return PlanState::contracted;
  return std::nullopt;
}

Request write_plan(const Session& session, const Job& job, PlanState state) {
  return plan_write(session.names,
                    {.migration = job.id,
                     .direction = std::string(direction_name(job.direction)),
                     .state = state,
                     .plan = stored_text(*job.planned)},
                    session.settings.who);
}

}  // namespace

void follow_plan(Job& job, const PlannedMigration& planned) {
  const bool replaces =
      std::ranges::any_of(planned.steps, [](const PlannedStep& each) { return !each.recipe.empty(); });
  const bool stepwise = planned.stepwise || job.phase != Phase::expand;
  if (stepwise || replaces) job.script = script_of(planned, job.phase, job.script);
  if (stepwise) job.script.transactional = false;
  if (stepwise || planned.has_later()) job.planned = planned;
  if (stepwise) return;
  for (const PlannedStep& each : planned.steps) {
    if (each.phase == job.phase) add_locks(each, job.locks);
  }
}

void follow_stored_plan(Session& session, Job& job) {
  const auto stored =
      read_plan(session.connection(), session.names, job.id, std::string(direction_name(job.direction)));
  if (!stored || stored->state != state_before(job.phase)) return;
  PlannedMigration planned = from_stored(stored->plan);
  if (job.phase == Phase::expand && !planned.undoes) refresh(planned, job.script);
  follow_plan(job, planned);
}

void store_plan(Session& session, const Job& job) {
  if (!job.planned) return;
  session.commit({write_plan(session, job, state_before(job.phase))});
  failpoint("plan-stored");
}

std::vector<Request> conclude_plan(const Session& session, const Job& job) {
  if (!job.planned) return {};
  if (const auto next = state_behind(job)) return {write_plan(session, job, *next)};
  return {plan_forget(session.names, job.id, "up"), plan_forget(session.names, job.id, "down")};
}

void note_calls(Session& session, Job& job) {
  if (!job.planned || job.phase != Phase::expand || job.direction == Direction::down) return;
  const std::vector<OldName> names = names_taken_away(session, *job.planned);
  if (names.empty()) return;
  job.planned->calls.clear();
  for (const StatementUse& each : statements_naming(session.connection(), names).statements) {
    job.planned->calls[each.query_id] = each.calls;
  }
}

}  // namespace martlet
