// docs/ci/pre-commit, in a repository of its own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/folder.h"
#include "tests/support/process.h"

namespace martlet::testing {
namespace {

constexpr std::string_view kGood =
    "CREATE TABLE user_account (id integer PRIMARY KEY);\n\n-- martlet:down\n"
    "DROP TABLE user_account;\n";
constexpr std::string_view kBroken = "-- martlet:dwon\nSELECT 1;\n";

class CommitHook : public ::testing::Test {
 protected:
  void SetUp() override {
    git({"init", "-q", "."});
    const std::filesystem::path hook = std::filesystem::path(MARTLET_SOURCE_DIR) / "docs" / "ci" / "pre-commit";
    std::filesystem::copy_file(hook, repository_ / ".git/hooks/pre-commit",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::create_directories(programs_.path());
    std::filesystem::create_symlink(MARTLET_PROGRAM, programs_ / "martlet");
  }

  Finished git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "git");
    return run({.arguments = std::move(arguments),
                .environment = {{"PATH", programs_.path().string() + ":" + std::getenv("PATH")},
                                {"HOME", programs_.path().string()},
                                {"GIT_AUTHOR_NAME", "Ana"},
                                {"GIT_AUTHOR_EMAIL", "ana@example.org"},
                                {"GIT_COMMITTER_NAME", "Ana"},
                                {"GIT_COMMITTER_EMAIL", "ana@example.org"}},
                .folder = repository_.path()});
  }

  Finished commit() { return git({"commit", "-q", "-m", "a change"}); }
  void stage(std::string_view name, std::string_view content) {
    repository_.write(name, content);
    git({"add", std::string(name)});
  }

  TemporaryFolder repository_;
  TemporaryFolder programs_;
};

TEST_F(CommitHook, LetsGoodMigrationsPass) {
  stage("migrations/V001__user_account.sql", kGood);
  const Finished finished = commit();
  EXPECT_EQ(finished.exit_code, 0) << finished;
}

TEST_F(CommitHook, StopsABrokenMigrationAndNamesItsPlace) {
  stage("migrations/V001__user_account.sql", kBroken);
  const Finished finished = commit();
  EXPECT_NE(finished.exit_code, 0) << finished;
  EXPECT_NE((finished.out + finished.err).find("V001__user_account.sql:1"), std::string::npos) << finished;
}

TEST_F(CommitHook, LooksAtWhatIsStaged) {
  stage("migrations/V001__user_account.sql", kBroken);
  repository_.write("migrations/V001__user_account.sql", kGood);
  const Finished finished = commit();
  EXPECT_NE(finished.exit_code, 0) << finished;
}

TEST_F(CommitHook, LeavesOtherCommitsAlone) {
  repository_.write("migrations/V001__user_account.sql", kBroken);
  stage("README", "Nothing about migrations.\n");
  const Finished finished = commit();
  EXPECT_EQ(finished.exit_code, 0) << finished;
}

}  // namespace
}  // namespace martlet::testing
