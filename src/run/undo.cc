#include "run/undo.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/transactional.h"
#include "sql/session_setting.h"
#include "step/cursor.h"
#include "step/executor.h"

namespace martlet {
namespace {

bool sets_the_session(const PlannedStep& step) {
  return sets_session(step.statement, Dialect::postgres);
}

std::vector<const PlannedStep*> steps_of(const PlannedMigration& planned, Phase phase) {
  std::vector<const PlannedStep*> steps;
  for (const PlannedStep& each : planned.steps) {
    if (each.phase == phase) steps.push_back(&each);
  }
  return steps;
}

class DoneSteps {
 public:
  DoneSteps(Session& session, const PlannedMigration& planned, const std::vector<JournalEntry>& journal)
      : session_(session), planned_(planned), journal_(journal) {}

  // In the order in which they were run.
  std::vector<const PlannedStep*> until(PlanState state) {
    const auto current = static_cast<Phase>(state);
    for (const Phase phase : {Phase::expand, Phase::contract, Phase::finish}) {
      if (phase < current) std::ranges::copy(steps_of(planned_, phase), std::back_inserter(done_));
    }
    take_journalled(steps_of(planned_, current));
    return std::move(done_);
  }

 private:
  // An entry stands for all that share the statement's transaction.
  void take_journalled(const std::vector<const PlannedStep*>& steps) {
    std::vector<bool> done(steps.size());
    for (const JournalEntry& entry : journal_) {
      const auto first = static_cast<std::size_t>(entry.step);
      if (first >= steps.size() || !is_done(entry, *steps[first])) continue;
      done[first] = true;
      for (std::size_t i = first + 1; i < steps.size() && share(*steps[first], *steps[i]); ++i) done[i] = true;
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (done[i] || sets_the_session(*steps[i])) done_.push_back(steps[i]);
    }
  }

  static bool share(const PlannedStep& first, const PlannedStep& other) {
    return first.transaction && first.transaction == other.transaction && !sets_the_session(other);
  }

  // Of batches some may be done.
  bool is_done(const JournalEntry& entry, const PlannedStep& step) const {
    if (entry.state == StepState::done || step.batch) return true;
    if (Cursor::parse(entry.cursor).get("kind") == "batched") return true;
    const StepOutcome outcome = settle_step({.connection = session_.connection(),
                                             .names = session_.names,
                                             .who = session_.settings.who,
                                             .begin = {},
                                             .end = {}},
                                            entry);
    if (outcome != StepOutcome::unknown && outcome != StepOutcome::half_done) return outcome == StepOutcome::done;
    throw Error(ErrorKind::partial, "a run was cut off in this statement, and whether it took effect is not known")
        .at(step.statement.place)
        .leaves("the migration is partly applied; this run changed nothing")
        .next("look whether it happened, then tell martlet with `martlet repair`");
  }

  Session& session_;
  const PlannedMigration& planned_;
  const std::vector<JournalEntry>& journal_;
  std::vector<const PlannedStep*> done_;
};

Error nothing_takes_back(const PlannedMigration& planned, const PlannedStep& step, PlanState state) {
  return Error(ErrorKind::validation, fmt::format("a statement of {} is done that nothing takes back by itself: {}",
                                                  planned.label, step.statement.text.substr(0, 80)))
      .at(step.statement.place)
      .leaves(state == PlanState::running ? "some of its statements are done, others are not; this run changed nothing"
                                          : "nothing was undone")
      .next(
          state == PlanState::running
              ? "finish it with `martlet resume` and take it back then with `martlet down`"
              : "run its other phases (`martlet contract`, `martlet finish`), then `martlet down` runs its down part");
}

PlannedStep as_undo(const PlannedStep& step, std::string sql) {
  PlannedStep undo;
  undo.statement.text = std::move(sql);
  undo.statement.place = step.statement.place;
  undo.source = step.source;
  undo.traits = transactionality(undo.statement, Dialect::postgres);
  undo.tier = step.tier;
  undo.recipe = step.recipe;
  undo.note = "takes back: " + step.statement.text;
  return undo;
}

// Of several, each has to be committed before the next.
std::vector<PlannedStep> undos_of(const PlannedStep& step) {
  std::vector<PlannedStep> undos;
  for (const Statement& each : split({*step.undo, step.statement.place.file}, Dialect::postgres)) {
    undos.push_back(as_undo(step, each.text));
  }
  return undos;
}

}  // namespace

PlannedMigration undo_plan(Session& session, const PlannedMigration& planned, PlanState state,
                           const std::vector<JournalEntry>& journal) {
  const std::vector<const PlannedStep*> done = DoneSteps(session, planned, journal).until(state);
  PlannedMigration undo{.id = planned.id, .label = planned.label, .file = planned.file, .checksum = planned.checksum};
  undo.stepwise = undo.undoes = true;
  undo.why = "it takes back what was done of the migration, step by step";
  for (const PlannedStep* each : done) {
    if (sets_the_session(*each)) undo.steps.push_back(as_undo(*each, each->statement.text));
  }
  int number = 0;
  const PlannedStep* before = nullptr;  // of the steps that are taken back
  for (auto at = done.rbegin(); at != done.rend(); ++at) {
    const PlannedStep& step = **at;
    if (!step.undo) throw nothing_takes_back(planned, step, state);
    if (step.undo->empty()) continue;
    for (PlannedStep& each : undos_of(step)) {
      undo.steps.push_back(std::move(each));
      if (!undo.steps.back().traits.transactional()) continue;
      const bool joins = before && before != &step && before->phase == step.phase && step.transaction &&
                         before->transaction == step.transaction;
      undo.steps.back().transaction = joins ? number : ++number;
      before = &step;
    }
  }
  return undo;
}

}  // namespace martlet
