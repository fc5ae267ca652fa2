#include <gmock/gmock.h>

#include <cstdlib>

#include "history/ledger.h"

namespace martlet {
namespace {

/// The variables of every CI service unset, so that the test sees the same on a laptop and in CI.
class IdentityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "CIRCLECI", "BUILDKITE", "TF_BUILD", "CI"}) {
      if (const char* value = std::getenv(name)) saved_.emplace_back(name, value);
      unsetenv(name);
    }
  }
  void TearDown() override {
    for (const char* name : {"GITHUB_ACTIONS", "GITHUB_ACTOR", "GITHUB_RUN_ID", "GITHUB_REPOSITORY"}) unsetenv(name);
    for (const auto& [name, value] : saved_) setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  std::vector<std::pair<std::string, std::string>> saved_;
};

TEST_F(IdentityTest, ComesFromTheOperatingSystem) {
  const Identity who = Identity::detect("", "T-7");
  EXPECT_FALSE(who.actor.empty());
  EXPECT_FALSE(who.host.empty());
  EXPECT_EQ(who.ci, "");
  EXPECT_EQ(who.ticket, "T-7");
  EXPECT_EQ(who.application, "martlet/" + who.run_id);
  EXPECT_NE(who.run_id, Identity::detect("", "").run_id);
  EXPECT_EQ(Identity::detect("ana", "").actor, "ana");
}

TEST_F(IdentityTest, ComesFromCi) {
  setenv("GITHUB_ACTIONS", "true", 1);
  setenv("GITHUB_ACTOR", "ben", 1);
  setenv("GITHUB_RUN_ID", "123", 1);
  setenv("GITHUB_REPOSITORY", "shop/db", 1);
  const Identity who = Identity::detect("", "");
  EXPECT_EQ(who.actor, "ben");
  EXPECT_EQ(who.ci, "github-actions run 123 of shop/db");
  EXPECT_EQ(Identity::detect("ana", "").actor, "ana");
}

}  // namespace
}  // namespace martlet
