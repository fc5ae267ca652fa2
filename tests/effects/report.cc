#include "tests/effects/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>

#include "base/text.h"

namespace martlet::testing {
namespace {

std::string relation_text(const RelationEffect& effect) {
  std::string text = effect.name + ":" + std::string(effect.locks.empty() ? "-" : lock_name(effect.strongest()));
  if (effect.rewrite) text += " rewritten";
  if (effect.scan && !effect.rewrite) text += " scanned";
  if (effect.rebuilt) text += " rebuilt";
  return text;
}

std::string text_of(const Outcome& outcome) {
  return fmt::format("{}  ({})\n    {}\n  predicted: {}\n  measured:  {}\n", outcome.of.sql, outcome.of.place,
                     join(outcome.problems, "\n    "), describe(outcome.predicted), describe(outcome.measured));
}

/// Whose code it is: ALTER TABLE and its like, other statements, or the comparison of catalogs.
std::string group_of(const Outcome& outcome) {
  if (outcome.about_catalog) return "catalog afterwards";
  const std::string sql = lower(outcome.of.sql);
  const bool alters = sql.find("alter table") != std::string::npos || sql.find("alter index") != std::string::npos;
  return alters ? "alter" : "kinds";
}

/// Mismatches of the whole program; written again at each call.
void write_report(const std::vector<Outcome>& wrong) {
  const char* file = std::getenv("MARTLET_EFFECTS_REPORT");
  if (!file) return;
  static std::map<std::string, std::vector<std::string>> groups;
  for (const Outcome& each : wrong) groups[group_of(each)].push_back(text_of(each));
  std::ofstream out(file);
  for (const auto& [group, texts] : groups) {
    out << "===== " << group << ": " << texts.size() << "\n\n";
    for (const std::string& text : texts) out << text << "\n";
  }
}

bool is_asked_for(const EffectCase& one) {
  const char* only = std::getenv("MARTLET_EFFECTS_ONLY");
  return !only || one.sql.find(only) != std::string::npos;
}

}  // namespace

std::string describe(const Effects& effects) {
  if (!effects.transactional) return "refused in a transaction block";
  if (effects.error) return fmt::format("{} {}", effects.error->sqlstate, effects.error->message);
  std::vector<std::string> relations;
  for (const RelationEffect& each : effects.relations) {
    if (each.strongest() >= LockMode::row_exclusive || each.scan || each.rebuilt)
      relations.push_back(relation_text(each));
  }
  return relations.empty() ? "nothing" : join(relations, ", ");
}

void run_cases(const std::vector<EffectCase>& cases, std::size_t unknown) {
  std::vector<Outcome> wrong;
  std::map<std::string, std::size_t> reasons;
  std::size_t run = 0, not_known = 0;
  for (const EffectCase& one : cases) {
    if (!is_asked_for(one)) continue;
    ++run;
    Outcome outcome = world().run(one);
    if (!outcome.predicted.known) {
      ++not_known;
      ++reasons[outcome.predicted.unknown_reason];
    }
    if (outcome.problems.empty()) continue;
    ADD_FAILURE() << text_of(outcome);
    wrong.push_back(std::move(outcome));
  }
  write_report(wrong);
  std::cout << fmt::format("{} cases: {} as predicted, {} not, {} not known\n", run, run - wrong.size() - not_known,
                           wrong.size(), not_known);
  for (const auto& [reason, count] : reasons) std::cout << fmt::format("  not known, {}: {}\n", count, reason);
  EXPECT_LE(not_known, unknown);
}

}  // namespace martlet::testing
