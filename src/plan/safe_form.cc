#include "plan/safe_form.h"

#include <algorithm>

#include "base/digest.h"
#include "base/registry.h"
#include "effects/transactional.h"
#include "recipe/build.h"

namespace martlet {
namespace {

bool has_contract(const HazardFinding& finding) {
  return std::ranges::any_of(finding.steps, [](const RecipeStep& each) { return each.phase != Phase::expand; });
}

bool applies(const Recipe& recipe, const HazardFinding& finding, bool is_over_budget, Phases phases) {
  if (recipe.use != Recipe::Use::planned) return false;
  if (recipe.tier == Tier::expand_contract) return phases == Phases::apart;
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
    parts_.push_back({&finding, &recipe});
    adds_column_ =
        adds_column_ || (finding.command && finding.command->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn);
  }

  std::vector<PlannedStep> steps(const JudgedStatement& judged) const {
    if (parts_.empty()) return {};
    const std::string rest = commands_.front() ? alter_without(operation_of(judged.at), commands_) : "";
    std::vector<PlannedStep> steps;
    if (!rest.empty() && !adds_column_) steps.push_back(planned(judged, step(rest), nullptr));
    int transactions = 0;
    for (const auto& [finding, recipe] : parts_) {
      int highest = transactions;
      for (const RecipeStep& each : finding->steps) {
        steps.push_back(planned(judged, each, recipe));
        if (each.transaction) steps.back().transaction += transactions;
        highest = std::max(highest, steps.back().transaction);
      }
      transactions = highest;
    }
    if (!rest.empty() && adds_column_) steps.push_back(planned(judged, step(rest), nullptr));
    // What waits for old code to go comes behind everything that does not.
    std::ranges::stable_sort(steps, {}, &PlannedStep::phase);
    return steps;
  }

 private:
  struct Part {
    const HazardFinding* finding;
    const Recipe* recipe;
  };
  std::vector<Part> parts_;
  std::vector<const PgQuery__AlterTableCmd*> commands_;
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
