#include "plan/file_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/registry.h"
#include "base/text.h"
#include "effects/execute.h"
#include "migration/arguments.h"
#include "migration/directive.h"
#include "plan/budget.h"
#include "plan/taken_away.h"
#include "plan/transactions.h"
#include "recipe/undo.h"
#include "sql/nodes.h"
#include "sql/written_table.h"

namespace martlet {
namespace {

// The model has run one step; what it does to others goes into the step.
void note_effects(PlannedStep& step, const Effects& effects, const Catalog& catalog, const CatalogMark& mark,
                  const RunState& state) {
  const std::vector<StepEffect> found = effects_on_others(effects, catalog, CatalogBefore(catalog, mark), state);
  step.effects.insert(step.effects.end(), found.begin(), found.end());
  step.known = step.known && effects.known;
  step.estimate = effects.estimate;
}

Operation operation_of(const Case& at) {
  return {
      .statement = at.statement, .node = *at.node, .catalog = at.catalog, .before = at.before, .session = at.session};
}

// What a finish step drops nothing brings back.
void note_way_back(PlannedStep& step, const Operation& operation, const JudgedStatement& judged) {
  if (step.phase == Phase::contract) step.takes_away = taken_away(operation);
  if (step.phase == Phase::finish) return;
  step.undo = undo_sql(operation, CatalogBefore(judged.catalog, judged.mark), *judged.at.node);
}

bool works_on(const PlannedStep& step, const OldName& name) {
  return std::ranges::any_of(step.effects, [&](const StepEffect& each) { return each.qualified == name.table; });
}

std::string first_words(const std::string& sql) {
  constexpr std::size_t kLongest = 60;
  const std::string line = split_lines(sql).front();
  return line.size() > kLongest ? line.substr(0, kLongest) + " …" : line;
}

// A batch leaves out rows that are done, for which an UPDATE would have fired triggers all the same.
bool fires_triggers(const Relation& table) {
  return std::ranges::any_of(
      table.triggers, [](const Trigger& each) { return !each.internal && each.on_update && each.enabled != 'D'; });
}

// UPDATE and DELETE of all rows lock out nobody who reads, but every row stays locked until they commit: what batches
// are for. The finding is a note where that is within the budget; a table that nobody has ever analysed is hardly a
// large one, and its rows are not worth losing the one transaction for.
bool holds_all_rows(const JudgedStatement& judged) {
  const bool found = std::ranges::any_of(judged.found, [](const HazardFinding& each) {
    const auto is_batch = [](const RecipeStep& step) { return step.batch.has_value(); };
    return each.finding.severity != Finding::Severity::note && !each.steps.empty() &&
           std::ranges::all_of(each.steps, is_batch);
  });
  const Relation* table = found ? judged.at.relation(written_table(*judged.at.node)) : nullptr;
  return table && table->tuples >= 0 && !fires_triggers(*table);
}

std::string reason(const JudgedStatement& judged, const PlannedStep& written) {
  const std::string words = first_words(judged.at.statement.text);
  if (!written.over_budget.empty()) return fmt::format("{}: {}", words, written.over_budget);
  if (holds_all_rows(judged)) return words + ": every row would stay locked until all of them are done";
  return words + ": old code goes on until the contract phase";
}

}  // namespace

// It stands between the statement and the one before it.
bool Planner::File::has_directive(const Case& at, std::string_view name) const {
  return std::ranges::any_of(at.migration->directives, [&](const Directive& each) {
    const bool above = each.place.file == at.statement.place.file && each.place.line < at.statement.place.line;
    return each.name == name && above && each.place.line > last_line_;
  });
}

// Somebody has accepted what old code will feel: here, or in the head of the file.
bool Planner::File::is_allowed(const JudgedStatement& judged) const {
  const auto allows = [&](const Directive& each) {
    const bool here = each.place.line > last_line_ || each.place.line < first_line_;
    if (each.name != "allow" || !here || each.place.line >= judged.at.statement.place.line) return false;
    const std::string hazard = DirectiveWords(each.arguments).word();
    return std::ranges::any_of(judged.found, [&](const HazardFinding& found) { return found.finding.id == hazard; });
  };
  return std::ranges::any_of(judged.at.migration->directives, allows);
}

PlannedStep Planner::File::as_written(const JudgedStatement& judged) const {
  const Case& at = judged.at;
  PlannedStep step;
  step.statement = at.statement;
  step.source = judged.index;
  step.source_digest = sha256_hex(at.statement.text);
  step.traits = transactionality(at.statement, Dialect::postgres);
  note_effects(step, at.effects, at.catalog, judged.mark, at.state);
  if (at.node) step.undo = undo_sql(operation_of(at), at.before, *at.node);
  if (step.traits.transactional()) {
    step.over_budget = over_budget(step.effects, step.estimate, settings_.max_block_ms);
  }
  return step;
}

bool Planner::File::simulate(const JudgedStatement& judged, std::vector<PlannedStep>& steps) const {
  Catalog& catalog = judged.catalog;
  const SessionState session_after = judged.session;
  catalog.roll_back(judged.mark);
  judged.session = judged.session_before;
  CatalogMark expanded = judged.mark;
  bool understood = true;
  for (PlannedStep& step : steps) {
    const CatalogMark mark = catalog.mark();
    visit_trees({step.statement}, [&](const Statement& statement, const Tree& tree) {
      judged.session.in_transaction = step.traits.transactional();
      const Effects effects = execute(statement, tree, catalog, judged.session);
      note_effects(step, effects, catalog, mark, judged.at.state);
      understood = understood && effects.known && !effects.error;
      if (const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr) {
        note_way_back(step,
                      {.statement = statement,
                       .node = *node,
                       .catalog = catalog,
                       .before = CatalogBefore(catalog, mark),
                       .session = judged.session},
                      judged);
      }
    });
    if (step.traits.transactional() && !step.batch) {
      step.over_budget = over_budget(step.effects, step.estimate, settings_.max_block_ms);
    }
    if (step.phase == Phase::expand) expanded = catalog.mark();
  }
  if (understood) {
    catalog.roll_back(expanded);
    judged.session = session_after;
    return true;
  }
  catalog.roll_back(judged.mark);
  judged.session = judged.session_before;
  (void)execute(judged.at.statement, judged.at.tree, catalog, judged.session);
  return false;
}

void Planner::File::take(const JudgedStatement& judged) {
  const Case& at = judged.at;
  PlannedStep written = as_written(judged);
  if (at.node && needs_its_transaction(*at.node)) bound_ = std::min(bound_, judged.index);
  if (!first_line_) first_line_ = at.statement.place.line;
  const bool in_batches = has_directive(at, "batch");  // the runner makes them (run/batching.h)
  if (in_batches) written.over_budget.clear();
  const bool may_change = at.node && judged.index < bound_ && !in_batches && !has_directive(at, "direct") &&
                          settings_.transactions != PlannerSettings::Transactions::file;
  const bool changed = may_change && !judged.found.empty() && take_safe_form(judged, written);
  last_line_ = at.statement.place.line + static_cast<int>(std::ranges::count(at.statement.text, '\n'));
  if (changed) return;
  fails_ = fails_ || at.effects.error;
  if (!written.over_budget.empty() && written.manual_recipe.empty()) offer_by_hand(judged, written);
  steps_.push_back(std::move(written));
}

// Not taken, because something forbade it; a person may still want to know.
void Planner::File::offer_by_hand(const JudgedStatement& judged, PlannedStep& written) const {
  for (const HazardFinding& each : judged.found) {
    if (each.steps.empty()) continue;
    written.manual_recipe = each.recipe;
    written.manual_sql = each.safe_sql;
    return;
  }
}

bool Planner::File::take_safe_form(const JudgedStatement& judged, PlannedStep& written) {
  const bool wanted = !written.over_budget.empty() || has_directive(judged.at, "online") || holds_all_rows(judged);
  const bool at_once = settings_.together.contains(judged.at.migration->id) || is_allowed(judged);
  SafeForm form = safe_form(judged, wanted, at_once ? Phases::together : settings_.phases);
  if (form.steps.empty() || !simulate(judged, form.steps)) {
    written.manual_recipe = std::move(form.manual_recipe);
    written.manual_sql = std::move(form.manual_sql);
    return false;
  }
  if (why_.empty()) why_ = reason(judged, written);
  replaced_.push_back(judged.at.statement.place);
  std::ranges::move(form.steps, std::back_inserter(steps_));
  return true;
}

void Planner::File::decide_transactions(const Migration& migration, PlannedMigration& planned) const {
  using Transactions = PlannerSettings::Transactions;
  const bool has_to = std::ranges::any_of(planned.steps, [](const PlannedStep& each) {
    return !each.traits.transactional() || each.batch || !each.recipe.empty();
  });
  const bool asked = !migration.transactional || settings_.transactions == Transactions::none;
  const bool too_long = settings_.transactions == Transactions::automatic && planned.steps.size() > 1 &&
                        hold_of_all(planned.steps) > settings_.max_block_ms;
  planned.stepwise = has_to || asked || too_long;
  if (!planned.stepwise) return;
  planned.why = why_;
  const auto refuses = [](const PlannedStep& each) { return !each.traits.transactional() && each.recipe.empty(); };
  const auto alone = std::ranges::find_if(planned.steps, refuses);
  if (planned.why.empty() && !asked && alone != planned.steps.end()) planned.why = alone->traits.reason;
  if (planned.why.empty() && too_long) planned.why = "one transaction would hold its locks for longer than the budget";
  number_transactions(planned.steps, {.of = asked ? Sharing::Of::nothing : Sharing::Of::while_it_fits,
                                      .max_block_ms = settings_.max_block_ms,
                                      .bound = bound_});
  // All of it may have to stay together after all.
  const auto in_first = [](const PlannedStep& each) { return each.transaction == 1; };
  if (!asked && std::ranges::all_of(planned.steps, in_first)) planned.stepwise = false;
}

// The new name of a column is another column until the contract: what a later statement makes of it would go then.
std::string Planner::File::entangled(const std::vector<PlannedStep>& steps) const {
  for (const PlannedStep& later : steps) {
    if (later.phase != Phase::contract) continue;
    if (fails_) return "a statement behind it fails while it waits";
    for (const PlannedStep& each : steps) {
      const bool is_other =
          each.source > later.source && later.recipe == "rename-column" && each.tier != Tier::expand_contract;
      if (is_other && later.takes_away && works_on(each, *later.takes_away)) {
        return fmt::format("line {} changes the same table", each.statement.place.line);
      }
    }
  }
  return "";
}

// What the safe form is there for, and what only one transaction made dangerous.
bool Planner::File::is_made_good(const HazardFinding& finding, bool stepwise) const {
  const Hazard* hazard = Registry<Hazard>::find(finding.finding.id);
  if (!hazard) return false;
  if (stepwise && hazard->recipe == "own-transaction") return true;
  const bool replaced =
      std::ranges::any_of(replaced_, [&](const Place& each) { return each.text() == finding.statement.place.text(); });
  const Recipe* recipe = Registry<Recipe>::find(finding.recipe);
  if (settings_.phases == Phases::old_code_is_gone && recipe && recipe->tier == Tier::expand_contract) return true;
  return replaced && (hazard->size_aware || (recipe && recipe->use == Recipe::Use::planned));
}

PlannedFile Planner::File::finish(const Migration& migration, std::vector<HazardFinding> findings) {
  PlannedFile file;
  file.planned.id = migration.id;
  file.planned.label = migration.label;
  file.planned.file = migration.file;
  file.planned.checksum = migration.checksum;
  file.planned.steps = std::move(steps_);
  if (settings_.phases == Phases::apart && !settings_.together.contains(migration.id)) {
    file.planned.contract = migration.contract;
    file.planned.wait = contract_wait(migration);
    file.entangled = entangled(file.planned.steps);
  }
  decide_transactions(migration, file.planned);
  for (HazardFinding& each : findings) {
    if (!is_made_good(each, file.planned.stepwise)) file.findings.push_back(std::move(each));
  }
  return file;
}

}  // namespace martlet
