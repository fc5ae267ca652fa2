#include "run/plan_trial.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "effects/agreement.h"
#include "effects/execute.h"
#include "effects/measure.h"
#include "hazard/look.h"
#include "run/rehearsal.h"
#include "run/row_comparison.h"
#include "schema/difference.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// More batches than a sample of rows can need: a change that never ends must not run for ever.
constexpr int kMostBatches = 1000;

// Whether it reads a table by an index or from end to end is the planner's choice, which a sample of the rows changes.
bool is_query(const Statement& statement) {
  const Token first = Lexer(statement.text, Dialect::postgres).next();
  for (const std::string_view word : {"select", "insert", "update", "delete", "merge", "with", "values", "table"}) {
    if (first.is(word)) return true;
  }
  return false;
}

void leave_out_scans(Effects& effects) {
  for (RelationEffect& each : effects.relations) each.scan = false;
}

void as_the_target(Connection& copy, const SessionState& session) {
  std::vector<std::string> schemas;
  for (const std::string& each : session.search_path) schemas.push_back(quote_identifier(each));
  copy.execute("SELECT set_config('TimeZone', $1, false), set_config('search_path', $2, false)",
               {session.time_zone, join(schemas, ", ")});
}

// The statements of the files, one by one, as psql would run them.
std::optional<Error> run_as_written(Connection& copy, Course& course,
                                    const std::vector<const StandingEntry*>& pending) {
  for (const StandingEntry* entry : pending) {
    const Script script = prepare_up(*entry->migration, course.settings(), Dialect::postgres);
    for (const ScriptStatement& each : script.statements) {
      try {
        if (each.statement.is_copy_in) {
          copy.copy_in(each.statement.text, each.statement.copy_data);
        } else {
          copy.execute(each.statement.text);
        }
      } catch (Error& error) {
        if (error.sqlstate.empty() || error.kind == ErrorKind::cancelled) throw;
        return error.at(each.statement.place).leaves("nothing was run on the target: it failed on a scratch copy");
      }
    }
  }
  return std::nullopt;
}

/// Runs a plan on a copy, each step beside what the model says of it.
class PlanRun {
 public:
  PlanRun(Connection& copy, Catalog catalog, SessionState session)
      : copy_(copy), catalog_(std::move(catalog)), session_(std::move(session)), measurement_(copy) {
    catalog_.record();
  }

  /// False where the step failed: what comes behind it could not be judged.
  bool run(StepTrial& trial) {
    Effects predicted = predict(trial.step);
    Effects measured = measurement_.measure({&trial.step.statement, 1}, {.afterwards = Afterwards::keep, .look = {}});
    if (is_query(trial.step.statement)) {
      leave_out_scans(predicted);
      leave_out_scans(measured);
    }
    if (measured.error && !predicted.error) trial.failure = measured.error->message;
    if (predicted.known) trial.disagrees = disagreements(predicted, measured);
    if (!trial.step.recipe.empty()) trial.works_under_lock = work_under_lock(measured);
    if (trial.step.batch) repeat(trial.step);
    return trial.failure.empty();
  }

 private:
  Effects predict(const PlannedStep& step) {
    Effects predicted;
    const CatalogBefore before(catalog_, catalog_.mark());
    visit_trees({step.statement}, [&](const Statement& statement, const Tree& tree) {
      session_.in_transaction = step.traits.transactional();
      predicted = execute(statement, tree, catalog_, session_);
    });
    std::erase_if(predicted.relations, [&](const RelationEffect& each) { return !before.relation(each.id); });
    catalog_.forget_changes();
    return predicted;
  }

  std::string work_under_lock(const Effects& measured) const {
    for (const RelationEffect& each : measured.relations) {
      // Nobody writes to a materialized view but who refreshes it.
      const LockMode harmless =
          each.kind == RelationKind::materialized_view ? LockMode::exclusive : LockMode::share_update_exclusive;
      if (each.strongest() <= harmless || !(each.scan || each.rewrite || each.rebuilt)) continue;
      const std::string_view work = each.rewrite ? "written anew" : (each.rebuilt ? "built" : "read from end to end");
      return fmt::format("{} is {} under {}", each.name, work, lock_words(each.strongest()));
    }
    return "";
  }

  void repeat(const PlannedStep& step) {
    for (int i = 0; i < kMostBatches; ++i) {
      if (copy_.execute(step.statement.text).affected == 0) return;
    }
  }

  Connection& copy_;
  Catalog catalog_;
  SessionState session_;
  Measurement measurement_;
};

void run_plan(Connection& copy, const Catalog& catalog, const SessionState& session, const PendingPlan& plan,
              PlanTrial& trial) {
  PlanRun run(copy, catalog, session);
  for (const Phase phase : {Phase::expand, Phase::contract, Phase::finish}) {
    for (const PlannedFile& file : plan.files) {
      for (const PlannedStep& step : file.planned.steps) {
        if (step.phase != phase) continue;
        trial.steps.push_back({.migration = file.planned.label, .step = step});
        if (!run.run(trial.steps.back())) return;
      }
    }
  }
}

void compare(Connection& original, Connection& planned, const Catalog& before, PlanTrial& trial) {
  const Catalog expected = read_catalog(original);
  for (const CatalogDifference& each : catalog_difference(expected, read_catalog(planned))) {
    trial.schema.push_back(each.text());
  }
  const RowComparison rows = compare_rows(original, planned, before, expected);
  trial.rows = rows.differences;
  trial.not_compared = rows.not_compared;
  trial.tables = rows.tables;
}

}  // namespace

bool PlanTrial::passed() const {
  return !original_failed && schema.empty() && rows.empty() && std::ranges::all_of(steps, [](const StepTrial& each) {
    return each.disagrees.empty() && each.works_under_lock.empty() && each.failure.empty();
  });
}

PlanTrial try_plan(Course& course, const std::vector<const StandingEntry*>& pending, const PendingPlan& plan,
                   const TrialOptions& options) {
  Connection& target = course.session().connection();
  const SessionState session = read_session_state(target);
  const Catalog catalog = read_catalog(target);
  const auto snapshot = open_connection(course.settings().url, {.application_name = course.settings().who.application});
  snapshot->execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  snapshot->execute("SET LOCAL synchronize_seqscans = off");  // both copies get the same sample
  Rehearsal original(course.settings(), options.server, catalog, options.sample_rows, *snapshot);
  Rehearsal planned(course.settings(), options.server, catalog, options.sample_rows, *snapshot);
  snapshot->rollback();
  PlanTrial trial{.where = planned.where(), .lacks = planned.lacks()};
  as_the_target(original.connection(), session);
  as_the_target(planned.connection(), session);
  trial.original_failed = run_as_written(original.connection(), course, pending);
  run_plan(planned.connection(), catalog, session, plan, trial);
  const bool complete = std::ranges::all_of(trial.steps, [](const StepTrial& each) { return each.failure.empty(); });
  if (!trial.original_failed && complete) compare(original.connection(), planned.connection(), catalog, trial);
  return trial;
}

}  // namespace martlet
