#include "plan/safe_form.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/registry.h"
#include "effects/transactional.h"
#include "hazard/look.h"
#include "recipe/build.h"

namespace martlet {
namespace {

bool has_contract(const HazardFinding& finding) {
  return std::ranges::any_of(finding.steps, [](const RecipeStep& each) { return each.phase != Phase::expand; });
}

bool puts_aside(const HazardFinding& finding) {
  return std::ranges::any_of(finding.steps, [](const RecipeStep& each) { return each.phase == Phase::finish; });
}

bool applies(const Recipe& recipe, const HazardFinding& finding, bool is_over_budget, Phases phases) {
  if (recipe.use != Recipe::Use::planned) return false;
  if (recipe.tier == Tier::expand_contract) {
    return phases == Phases::apart || (phases == Phases::old_code_is_gone && puts_aside(finding));
  }
  // A small table's size-aware hazard is a note: the statement as a whole may still be over the budget.
  return recipe.tier == Tier::in_place && is_over_budget && !has_contract(finding);
}

Operation operation_of(const Case& at) {
  return {
      .statement = at.statement, .node = *at.node, .catalog = at.catalog, .before = at.before, .session = at.session};
}

PlannedStep planned(const JudgedStatement& judged, const RecipeStep& step, const Recipe* recipe) {
  PlannedStep planned;
  planned.statement.text = step.sql;
  planned.statement.place = judged.at.statement.place;
  planned.source = judged.index;
  planned.source_digest = sha256_hex(judged.at.statement.text);
  planned.traits = transactionality(planned.statement, Dialect::postgres);
  planned.tier = recipe ? recipe->tier : Tier::direct;
  planned.phase = step.phase;
  planned.recipe = recipe ? recipe->id : "";
  planned.note = step.note;
  planned.transaction = step.transaction;
  planned.batch = step.batch;
  return planned;
}

// One recipe for each sub-command: several hazards of one ADD COLUMN offer the same.
class Chosen {
 public:
  void add(const HazardFinding& finding, const Recipe& recipe) {
    if (std::ranges::find(commands_, finding.command) != commands_.end()) return;
    commands_.push_back(finding.command);
    parts_.push_back({.finding = &finding, .recipe = &recipe});
    adds_column_ =
        adds_column_ || (finding.command && finding.command->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn);
  }

  std::vector<PlannedStep> steps(const JudgedStatement& judged) {
    if (parts_.empty()) return {};
    judged_ = &judged;
    // What adds columns goes first and in its order, as it decides the order of the columns; the rest may need them.
    if (adds_column_) {
      for (const PgQuery__AlterTableCmd* each : added_columns(*judged.at.node)) take_command(*each);
    } else {
      add_rest();
    }
    for (Part& part : parts_) take(part);
    if (adds_column_) add_rest();
    // What waits for old code to go comes behind everything that does not.
    std::ranges::stable_sort(steps_, {}, &PlannedStep::phase);
    return std::move(steps_);
  }

 private:
  struct Part {
    const HazardFinding* finding;
    const Recipe* recipe;
    bool taken = false;
  };

  static std::vector<const PgQuery__AlterTableCmd*> added_columns(const Node& alter) {
    std::vector<const PgQuery__AlterTableCmd*> found;
    for (const Node* each : alter_commands(alter)) {
      const PgQuery__AlterTableCmd* command = each->alter_table_cmd;
      if (command->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn) found.push_back(command);
    }
    return found;
  }

  void take_command(const PgQuery__AlterTableCmd& command) {
    const auto part = std::ranges::find(parts_, &command, [](const Part& each) { return each.finding->command; });
    if (part != parts_.end()) return take(*part);
    commands_.push_back(&command);
    steps_.push_back(planned(*judged_, step(alter_with(operation_of(judged_->at), command)), nullptr));
  }

  void take(Part& part) {
    if (std::exchange(part.taken, true)) return;
    int highest = transactions_;
    for (const RecipeStep& each : part.finding->steps) {
      steps_.push_back(planned(*judged_, each, part.recipe));
      if (each.transaction) steps_.back().transaction += transactions_;
      highest = std::max(highest, steps_.back().transaction);
    }
    transactions_ = highest;
  }

  void add_rest() {
    const std::string rest = parts_.front().finding->command ? alter_without(operation_of(judged_->at), commands_) : "";
    if (!rest.empty()) steps_.push_back(planned(*judged_, step(rest), nullptr));
  }

  const JudgedStatement* judged_ = nullptr;
  std::vector<Part> parts_;
  std::vector<const PgQuery__AlterTableCmd*> commands_;  // that are not part of the rest
  std::vector<PlannedStep> steps_;
  int transactions_ = 0;  // the highest number so far
  bool adds_column_ = false;
};

}  // namespace

SafeForm safe_form(const JudgedStatement& judged, bool is_over_budget, Phases phases) {
  SafeForm form;
  Chosen chosen;
  for (const HazardFinding& each : judged.found) {
    const Recipe* recipe = Registry<Recipe>::find(each.recipe);
    if (!recipe || each.steps.empty()) continue;
    if (applies(*recipe, each, is_over_budget, phases)) {
      chosen.add(each, *recipe);
    } else if (form.manual_recipe.empty()) {
      form.manual_recipe = each.recipe;
      form.manual_sql = each.safe_sql;
    }
  }
  form.steps = chosen.steps(judged);
  return form;
}

}  // namespace martlet
