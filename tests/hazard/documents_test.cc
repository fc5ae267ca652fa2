// Runs the cases of tests/hazard/documents/*.test: what well-known guides to migrations recommend, and what is wrong
// with some of it. `mistake: …` with `option finds ID ID …` is found by all of these; of `good: …` no hazard says more
// than a note.
#include <gtest/gtest.h>

#include <set>

#include "tests/hazard/judged_case.h"

namespace martlet::testing {
namespace {

std::vector<HazardCase> document_cases() {
  std::vector<HazardCase> cases;
  for (const auto& entry : std::filesystem::directory_iterator(MARTLET_SOURCE_DIR "/tests/hazard/documents")) {
    std::ranges::move(read_hazard_cases(entry.path()), std::back_inserter(cases));
  }
  return cases;
}

// The excerpts have no down part; that is not what they are about.
JudgeSettings document_settings() {
  JudgeSettings settings{.dialect = Dialect::postgres};
  settings.severities["missing-down"] = Hazard::Severity::off;
  return settings;
}

struct Said {
  std::set<std::string> ids;  // of all findings
  std::string serious;        // warnings and errors, for people
};

Said judge_document(const HazardCase& one) {
  Said said;
  Judge judge(simulated(one), SessionState(), document_settings());
  for (const HazardCase::File& file : one.files) {
    for (const HazardFinding& each : judge.judge(migration_of(file))) {
      said.ids.insert(each.finding.id);
      if (each.finding.severity == Finding::Severity::note) continue;
      said.serious += fmt::format("{} {}: {}\n", each.finding.place.text(), each.finding.id, each.finding.message);
    }
  }
  return said;
}

TEST(Documents, MistakesAreFoundAndGoodExamplesAreNot) {
  std::size_t mistakes = 0, good = 0;
  for (const HazardCase& one : document_cases()) {
    SCOPED_TRACE(one.hazard + ", " + one.title);
    const Said said = judge_document(one);
    if (one.title.starts_with("good: ")) {
      ++good;
      EXPECT_EQ(said.serious, "");
      continue;
    }
    ++mistakes;
    const std::vector<std::string> wanted = split_list(one.option("finds"), ' ');
    EXPECT_FALSE(wanted.empty());
    for (const std::string& id : wanted) EXPECT_TRUE(said.ids.contains(id)) << id << " is not among\n" << said.serious;
  }
  EXPECT_GT(mistakes, 0U);
  EXPECT_GT(good, 0U);
}

}  // namespace
}  // namespace martlet::testing
