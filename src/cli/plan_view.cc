#include "cli/plan_view.h"

#include <fmt/format.h>

#include "base/text.h"
#include "plan/budget.h"
#include "plan/json.h"

namespace martlet {
namespace {

std::string time_text(const PlannedStep& step) {
  if (!step.known) return "not analysed";
  if (!step.estimate || step.estimate->high <= 0) return "";
  const auto text = [](double ms) {
    return ms < 1000 ? fmt::format("{:.0f} ms", ms) : fmt::format("{:.1f} s", ms / 1000);
  };
  if (step.estimate->high < 1) return "< 1 ms";
  return fmt::format("{} – {}", text(step.estimate->low), text(step.estimate->high));
}

std::string work_text(const PlannedStep& step) {
  std::string words;
  const auto add = [&](bool does, const char* word) {
    if (does && words.find(word) == std::string::npos) words += (words.empty() ? "" : " ") + std::string(word);
  };
  for (const StepEffect& each : step.effects) {
    add(each.rewrite, "rewrite");
    add(each.scan && !each.rewrite, "scan");
    add(each.rebuilt, "rebuild");
  }
  return step.batch ? "batches" : words;
}

// The relation that is locked most strongly, and how; nothing for what does not keep writers out.
std::string lock_text(const PlannedStep& step) {
  const StepEffect* strongest = nullptr;
  for (const StepEffect& each : step.effects) {
    if (!strongest || each.lock > strongest->lock) strongest = &each;
  }
  if (!strongest || strongest->lock < LockMode::row_exclusive) return "";
  return fmt::format("{} {}", lock_words(strongest->lock), strongest->relation);
}

std::string transaction_text(const PlannedMigration& migration, const PlannedStep& step) {
  if (!step.traits.transactional()) return "none";
  if (step.batch) return "each";
  return migration.stepwise && step.transaction ? std::to_string(step.transaction) : "1";
}

std::vector<Cell> row(const PlannedMigration& migration, const PlannedStep& step) {
  const bool later = step.phase != Phase::expand;
  const Style style = !step.over_budget.empty() ? Style::bad : (later ? Style::dim : Style::plain);
  const std::string tier(later ? phase_name(step.phase) : tier_name(step.tier));
  return {{tier, style},
          {transaction_text(migration, step), Style::dim},
          {lock_text(step), blocks_others(step) ? Style::warning : Style::dim},
          {work_text(step), Style::dim},
          {time_text(step), style},
          {on_one_line(step.statement.text), style}};
}

void show(Output& output, const PlannedFile& file) {
  const PlannedMigration& migration = file.planned;
  const std::string how = migration.stepwise ? "in steps, journalled" : "one transaction";
  output.line(fmt::format("{}  {}  ({})", migration.label, migration.file, how), Style::strong);
  if (!migration.why.empty()) output.line("  because " + migration.why, Style::dim);
  std::vector<std::vector<Cell>> rows;
  for (const PlannedStep& each : migration.steps) rows.push_back(row(migration, each));
  output.table({"tier", "tx", "strongest lock", "work", "held for", "statement"}, rows);
  for (const PlannedStep& each : migration.steps) {
    const bool tells = each.tier == Tier::expand_contract && each.phase == Phase::expand && !each.note.empty();
    if (tells) output.line(fmt::format("  note: {}: {}", each.statement.place.text(), each.note));
  }
  for (const PlannedStep* each : migration.blocking()) {
    output.line(fmt::format("  holds up the application: {}: {}", each->statement.place.text(), each->over_budget),
                Style::bad);
    if (!each->manual_recipe.empty()) {
      output.line(fmt::format("    a person can do it in steps ({}): `martlet lint` shows them", each->manual_recipe));
    }
  }
  output.line();
}

}  // namespace

std::string on_one_line(const std::string& sql) {
  std::vector<std::string> words;
  for (const std::string& line : split_lines(sql)) {
    if (!trim(line).empty()) words.push_back(std::string(trim(line)));
  }
  return join(words, " ");
}

void show_plan(Output& output, const PendingPlan& plan) {
  output.json()["digest"] = plan.digest.text();
  auto& list = output.json()["migrations"] = nlohmann::ordered_json::array();
  std::size_t steps = 0;
  for (const PlannedFile& each : plan.files) {
    list.push_back(to_json(each.planned));
    show(output, each);
    steps += each.planned.steps.size();
  }
  if (plan.files.empty()) return output.line("nothing to do");
  output.line(fmt::format("{} migration{}, {} step{}: nothing was run", plan.files.size(),
                          plan.files.size() == 1 ? "" : "s", steps, steps == 1 ? "" : "s"));
  output.line(fmt::format("plan {}  (martlet up --plan {})", plan.digest.text(), plan.digest.text()));
}

}  // namespace martlet
