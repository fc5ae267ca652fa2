#include "tests/effects/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <numeric>

#include "base/text.h"
#include "effects/agreement.h"

namespace martlet::testing {
namespace {

std::string relation_text(const RelationEffect& effect) {
  std::string text = effect.name + ":" + std::string(effect.locks.empty() ? "-" : lock_name(effect.strongest()));
  if (effect.rewrite) text += " rewritten";
  if (effect.scan && !effect.rewrite) text += " scanned";
  if (effect.rebuilt) text += " rebuilt";
  return text;
}

bool has_other_code(const Outcome& outcome) {
  return outcome.predicted.known && outcome.predicted.error && outcome.measured.error &&
         outcome.measured.transactional && outcome.predicted.error->sqlstate != outcome.measured.error->sqlstate;
}

/// Whose code it is: ALTER TABLE and its like, other statements, or the comparison of catalogs.
std::string group_of(const Outcome& outcome) {
  if (outcome.problems.empty()) return "other SQLSTATE (does not count)";
  if (outcome.about_catalog) return "catalog afterwards";
  const std::string sql = lower(outcome.of.sql);
  const bool alters = sql.find("alter table") != std::string::npos || sql.find("alter index") != std::string::npos;
  return alters ? "alter" : "kinds";
}

/// Mismatches of the whole program; written again at each call.
void write_report(const Tally& tally) {
  const char* file = std::getenv("MARTLET_EFFECTS_REPORT");
  if (!file) return;
  static std::map<std::string, std::vector<std::string>> groups;
  for (const auto* list : {&tally.wrong, &tally.other_code}) {
    for (const Outcome& each : *list) groups[group_of(each)].push_back(text_of(each));
  }
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

/// Catalogs are compared for one case of each line, not always the first.
World::CatalogAfterwards how(const std::string& place, std::size_t index, std::size_t count) {
  const char* wanted = std::getenv("MARTLET_EFFECTS_CATALOG");
  const auto any = static_cast<std::size_t>(std::accumulate(place.begin(), place.end(), 0));
  const bool is_one = wanted ? std::string_view(wanted) == "all" : index == any % count;
  return is_one ? World::CatalogAfterwards::compare : World::CatalogAfterwards::ignore;
}

}  // namespace

std::string text_of(const Outcome& outcome) {
  return fmt::format("{}  ({})\n    {}\n  predicted: {}\n  measured:  {}\n", outcome.of.sql, outcome.of.place,
                     join(outcome.problems, "\n    "), describe(outcome.predicted), describe(outcome.measured));
}

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

void Tally::add(const Outcome& outcome) {
  ++cases;
  if (!outcome.predicted.known) {
    ++not_known[outcome.predicted.unknown_reason];
  } else if (is_up_to_the_rows(outcome.predicted, outcome.measured)) {
    ++up_to_the_rows;
  } else if (!outcome.problems.empty()) {
    wrong.push_back(outcome);
  } else if (has_other_code(outcome)) {
    other_code.push_back(outcome);
  }
}

std::size_t Tally::count_not_known() const {
  std::size_t count = 0;
  for (const auto& [reason, times] : not_known) count += times;
  return count;
}

std::string Tally::text() const {
  std::string text = fmt::format("{} cases: {} wrong, {} with another SQLSTATE, {} fail for their rows, {} not known\n",
                                 cases, wrong.size(), other_code.size(), up_to_the_rows, count_not_known());
  for (const auto& [reason, times] : not_known) text += fmt::format("  not known, {}: {}\n", times, reason);
  return text;
}

Tally run_cases(const std::vector<EffectCase>& cases) {
  Tally tally;
  std::map<std::string, std::size_t> cases_of_line, seen_of_line;
  for (const EffectCase& one : cases) ++cases_of_line[one.place];
  for (const EffectCase& one : cases) {
    const std::size_t index = seen_of_line[one.place]++;
    if (is_asked_for(one)) tally.add(world().run(one, how(one.place, index, cases_of_line[one.place])));
  }
  write_report(tally);
  std::cout << tally.text();
  return tally;
}

}  // namespace martlet::testing
