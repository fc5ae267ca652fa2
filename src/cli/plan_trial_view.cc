#include "cli/plan_trial_view.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/plan_view.h"

namespace martlet {
namespace {

Cell verdict(const StepTrial& trial) {
  if (!trial.failure.empty()) return {"failed", Style::bad};
  if (!trial.works_under_lock.empty()) return {"works under a lock", Style::bad};
  if (!trial.disagrees.empty()) return {"not as predicted", Style::bad};
  if (!trial.step.known) return {"not analysed", Style::warning};
  return {"as predicted", Style::good};
}

std::vector<std::string> complaints(const StepTrial& trial) {
  std::vector<std::string> lines = trial.disagrees;
  if (!trial.works_under_lock.empty()) lines.push_back(trial.works_under_lock);
  if (!trial.failure.empty()) lines.push_back(trial.failure);
  return lines;
}

void show_steps(Output& output, const std::vector<StepTrial>& steps) {
  std::vector<std::vector<Cell>> rows;
  for (const StepTrial& each : steps) {
    rows.push_back(
        {{each.migration, Style::strong},
         {std::string(each.step.phase == Phase::expand ? tier_name(each.step.tier) : phase_name(each.step.phase)),
          Style::dim},
         verdict(each),
         {on_one_line(each.step.statement.text)}});
  }
  output.table({"version", "tier", "on the copy", "step"}, rows);
  for (const StepTrial& each : steps) {
    for (const std::string& line : complaints(each)) {
      output.line(fmt::format("  {}: {}: {}", each.migration, on_one_line(each.step.statement.text), line), Style::bad);
    }
  }
}

nlohmann::ordered_json to_json(const StepTrial& trial) {
  return {{"migration", trial.migration},
          {"sql", trial.step.statement.text},
          {"as_predicted", trial.step.known && trial.disagrees.empty()},
          {"complaints", complaints(trial)}};
}

void show_differences(Output& output, const PlanTrial& trial) {
  for (const std::string& each : trial.lacks) output.warn("not in the copies: " + each);
  for (const std::string& each : trial.not_compared) output.line("not compared: " + each, Style::dim);
  for (const std::string& each : trial.schema) output.line("schema differs (files / plan): " + each, Style::bad);
  for (const std::string& each : trial.rows) output.line("rows differ: " + each, Style::bad);
}

}  // namespace

void show_trial(Output& output, const PlanTrial& trial) {
  auto& steps = output.json()["steps"] = nlohmann::ordered_json::array();
  for (const StepTrial& each : trial.steps) steps.push_back(to_json(each));
  output.json()["proven"] = trial.passed();
  output.json()["schema"] = trial.schema;
  output.json()["rows"] = trial.rows;
  output.json()["not_compared"] = trial.not_compared;
  output.json()["lacks"] = trial.lacks;
  if (trial.steps.empty() && !trial.original_failed) return output.line("nothing to do");
  output.line(fmt::format("two copies {}", trial.where), Style::dim);
  show_steps(output, trial.steps);
  if (trial.original_failed) return output.fail(*trial.original_failed);
  show_differences(output, trial);
  if (trial.passed()) {
    output.line(fmt::format("proven: the plan ends in the schema of the files, with the same rows in {} table{}",
                            trial.tables, trial.tables == 1 ? "" : "s"),
                Style::good);
  } else {
    output.line("not proven: do not run this plan before you know why", Style::bad);
  }
}

}  // namespace martlet
