// Runs the cases of tests/hazard/<id>.test on the model.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "tests/hazard/judged_case.h"

namespace martlet::testing {
namespace {

TEST(Hazards, EachHasCasesOfAllThreeKinds) {
  std::set<std::string> tested;
  for (const auto& file : hazard_case_files()) {
    tested.insert(file.stem());
    EXPECT_NE(Registry<Hazard>::find(file.stem().string()), nullptr) << file << " tests no hazard";
    const std::vector<HazardCase> cases = read_hazard_cases(file);
    for (const std::string_view kind : {"positive: ", "negative: ", "near-miss: "}) {
      EXPECT_TRUE(std::ranges::any_of(cases, [&](const auto& one) { return one.title.starts_with(kind); }))
          << file << " has no case \"" << kind << "…\"";
    }
  }
  for (const Hazard* hazard : Registry<Hazard>::all()) {
    EXPECT_TRUE(tested.contains(std::string(hazard->id))) << "no tests/hazard/" << hazard->id << ".test";
  }
}

TEST(Hazards, SayOnTheModelWhatTheirCasesExpect) {
  const char* rebaseline = std::getenv("MARTLET_REBASELINE");
  for (const auto& file : hazard_case_files()) {
    std::vector<HazardCase> cases = read_hazard_cases(file);
    for (HazardCase& one : cases) {
      SCOPED_TRACE(::testing::PrintToString(one));
      const Outcome outcome = judged(one, simulated(one), one.files);
      if (rebaseline) one.expected = outcome.shown;
      compare(one, outcome);
    }
    if (rebaseline) rewrite_expectations(file, cases);
  }
}

TEST(Hazards, FixesRemoveWhatTheyFix) {
  std::size_t fixes = 0;
  for (const HazardCase& one : all_hazard_cases()) {
    SCOPED_TRACE(::testing::PrintToString(one));
    const Outcome before = judged(one, simulated(one), one.files);
    if (!before.shown.contains("fixed")) continue;
    ++fixes;
    EXPECT_EQ(judged(one, simulated(one), before.fixed).count, 0U);
  }
  EXPECT_GT(fixes, 0U);
}

}  // namespace
}  // namespace martlet::testing
