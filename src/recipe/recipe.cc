#include "recipe/recipe.h"

#include <algorithm>

#include "recipe/build.h"

namespace martlet {
namespace {

void add_line(std::string& text, std::string_view line) {
  text.append(line).append("\n");
}

void add_phase(std::string& text, Phase phase) {
  if (phase == Phase::contract) add_line(text, "-- when no old code runs any more:");
  if (phase == Phase::finish) add_line(text, "-- when nobody has missed it for some days:");
}

void add_notes(std::string& text, const RecipeStep& step) {
  if (step.batch) add_line(text, "-- repeat, committing each time, until no row is changed:");
  if (!step.transactional) add_line(text, "-- outside any transaction:");
  if (!step.note.empty()) add_line(text, "-- " + step.note);
}

bool share_transaction(const RecipeStep& a, const RecipeStep& b) {
  return a.transaction != 0 && a.transaction == b.transaction;
}

}  // namespace

std::string_view phase_name(Phase phase) {
  constexpr std::string_view kNames[] = {"expand", "contract", "finish"};
  return kNames[static_cast<std::size_t>(phase)];
}

std::string_view tier_name(Tier tier) {
  constexpr std::string_view kNames[] = {"T0", "T1", "T2", "T3", "EC"};
  return kNames[static_cast<std::size_t>(tier)];
}

std::string render(const std::vector<RecipeStep>& steps) {
  std::string text;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool with_previous = i > 0 && share_transaction(steps[i - 1], steps[i]);
    const bool with_next = i + 1 < steps.size() && share_transaction(steps[i], steps[i + 1]);
    if (i == 0 || steps[i - 1].phase != steps[i].phase) add_phase(text, steps[i].phase);
    if (with_next && !with_previous) add_line(text, "BEGIN;");
    add_notes(text, steps[i]);
    add_line(text, steps[i].sql + ";");
    if (with_previous && !with_next) add_line(text, "COMMIT;");
  }
  return text;
}

std::vector<RecipeStep> with_rest(const Operation& operation, std::vector<RecipeStep> steps) {
  if (steps.empty() || !operation.command) return steps;
  const std::string rest = alter_without(operation, {operation.command});
  if (rest.empty()) return steps;
  // What the others do may be what this one needs (a column), or need what this one adds.
  const bool adds_column = operation.command->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn;
  const auto behind = std::ranges::find_if(steps, [](const RecipeStep& each) { return each.phase != Phase::expand; });
  steps.insert(adds_column ? behind : steps.begin(), step(rest, "what else the statement does:"));
  return steps;
}

std::vector<RecipeStep> steps_of(const Recipe& recipe, const Operation& operation) {
  return with_rest(operation, recipe.steps(operation));
}

}  // namespace martlet
