// What runs in production must have proved itself in staging: two databases, one martlet.toml.
#include <gmock/gmock.h>

#include "tests/safeguards/project.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PromoteFrom : public ::testing::Test {
 protected:
  PromoteFrom() {
    write("CREATE TABLE a (id int);");
    configure("");
  }
  void write(const std::string& up) {
    project.write("migrations/V001__a.sql", up + "\n-- martlet:down\nDROP TABLE a;\n");
  }
  // The URL at the top is production's, as the project has it.
  void configure(const std::string& more) {
    project.configure(more + "[environments.staging]\nurl = \"" + staging.text() +
                      "\"\n[environments.production]\nurl = \"env:TEST_URL\"\nprotected = true\npromote_from = "
                      "\"staging\"\n[environments.production.backup]\nbefore = \"never\"\n");
  }
  Finished on_staging(std::vector<std::string> words) {
    words.insert(words.begin(), {"--env", "staging"});
    return project.type(words);
  }
  Finished up(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"--env", "production", "up"};
    words.insert(words.end(), more.begin(), more.end());
    return project.type(words);
  }

  Project project;
  TestDatabase staging = fresh_database();
};

TEST_F(PromoteFrom, NamesEachPieceOfEvidenceThatIsMissing) {
  const Finished never = up();
  EXPECT_EQ(never.exit_code, 9) << never;
  EXPECT_THAT(never.err, HasSubstr("production takes only what has proved itself in staging: V001 is not applied"));
  EXPECT_THAT(never.err, HasSubstr("the rollback of V001 was not tested in staging"));
  EXPECT_FALSE(project.has_table("a"));

  ASSERT_EQ(on_staging({"up"}).exit_code, 0);
  const Finished untested = up();
  EXPECT_EQ(untested.exit_code, 9);
  EXPECT_THAT(untested.err, HasSubstr("the rollback of V001 was not tested"));
  EXPECT_THAT(untested.err, Not(HasSubstr("not applied")));

  ASSERT_EQ(on_staging({"redo"}).exit_code, 0);
  const Finished proved = up();
  EXPECT_EQ(proved.exit_code, 0) << proved;
  EXPECT_TRUE(project.has_table("a"));
}

TEST_F(PromoteFrom, TakesTheProofOfTestForATestedRollback) {
  ASSERT_EQ(on_staging({"up"}).exit_code, 0);
  const Finished tested = on_staging({"test", "--record"});
  ASSERT_EQ(tested.exit_code, 0) << tested;
  EXPECT_EQ(up().exit_code, 0);
}

TEST_F(PromoteFrom, DoesNotTakeAnotherFileForThisOne) {
  ASSERT_EQ(on_staging({"up"}).exit_code, 0);
  ASSERT_EQ(on_staging({"redo"}).exit_code, 0);
  write("CREATE TABLE a (id bigint);");
  EXPECT_THAT(up().err, HasSubstr("what was applied in staging as V001 is another file"));
}

TEST_F(PromoteFrom, DoesNotTakeARunWhoseGatesDidNotPass) {
  configure(
      "[[environments.staging.gate]]\nname = \"g\"\nkind = \"sql\"\nquery = \"SELECT 1\"\nsuccess = \"value == 0\"\n"
      "when = \"after\"\n");
  EXPECT_EQ(on_staging({"up"}).exit_code, 9);
  EXPECT_THAT(up().err, HasSubstr("the run that applied V001 in staging did not pass: gate-failed g after the run"));
}

TEST_F(PromoteFrom, DoesNotTakeWhatTookTooLong) {
  write("CREATE TABLE a (id int);\nSELECT pg_sleep(0.05);");
  ASSERT_EQ(on_staging({"up"}).exit_code, 0);
  ASSERT_EQ(on_staging({"redo"}).exit_code, 0);
  configure("promote_max_duration = \"10ms\"\n");
  EXPECT_THAT(up().err, HasSubstr("longer than promote_max_duration (10 ms)"));
}

TEST_F(PromoteFrom, CanBeOverriddenWithAReasonThatIsRecorded) {
  EXPECT_EQ(up({"--force"}).exit_code, 2);
  const Finished forced = up({"--force", "--reason", "staging is gone"});
  EXPECT_EQ(forced.exit_code, 0) << forced;
  EXPECT_THAT(project.details("forced"), HasSubstr("staging is gone; in spite of: V001 is not applied in staging"));
}

TEST_F(PromoteFrom, WhereNobodyCanBeAskedOnlyForceHelpsAndADownNeedsNoEvidence) {
  project.configure(
      "[environments.production]\nurl = \"env:TEST_URL\"\npromote_from = \"staging\"\n"
      "[environments.staging]\nurl = \"env:NO_SUCH_STAGING\"\n");
  const Finished refused = up();
  EXPECT_EQ(refused.exit_code, 2) << refused;
  EXPECT_THAT(refused.err, HasSubstr("the evidence of staging cannot be read"));
  EXPECT_EQ(up({"--force", "--reason", "staging is gone"}).exit_code, 0);
  EXPECT_EQ(project.type({"--env", "production", "plan"}).exit_code, 0);
  EXPECT_EQ(project.type({"--env", "production", "down"}).exit_code, 0);
}

TEST_F(PromoteFrom, RefusesAnEnvironmentThatIsNone) {
  project.configure(
      "[environments.production]\nurl = \"env:TEST_URL\"\npromote_from = \"stagin\"\n"
      "[environments.staging]\n");
  EXPECT_THAT(up().err, HasSubstr("did you mean staging?"));
  project.configure("[environments.production]\nurl = \"env:TEST_URL\"\npromote_from = \"production\"\n");
  EXPECT_THAT(up().err, HasSubstr("promote_from is production itself"));
}

}  // namespace
}  // namespace martlet::testing
