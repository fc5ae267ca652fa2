// Commands around the runs, as a user types them, on SQLite.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/support/folder.h"
#include "tests/support/martlet.h"
#include "tests/support/process.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

class Tool : public ::testing::Test {
 protected:
  Finished run_here(std::vector<std::string> arguments, Environment environment = {}) {
    return martlet(std::move(arguments), std::move(environment), folder.path());
  }
  Json json_of(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const Finished done = run_here(std::move(arguments));
    return Json::parse(done.out, nullptr, false);
  }
  TemporaryFolder folder;
};

TEST_F(Tool, AloneItSaysWhereToBegin) {
  const Finished done = run_here({});
  EXPECT_EQ(done.exit_code, 0) << done;
  EXPECT_THAT(done.out, HasSubstr("martlet init"));
}

TEST_F(Tool, VersionWorksWithABrokenConfiguration) {
  folder.write("martlet.toml", "this is = = not toml");
  for (const auto& words : {std::vector<std::string>{"version"}, std::vector<std::string>{"--version"}}) {
    const Finished done = run_here(words);
    EXPECT_EQ(done.exit_code, 0) << done;
    EXPECT_THAT(done.out, ::testing::StartsWith("martlet "));
  }
}

TEST_F(Tool, HelpOfACommandIsTheSameBothWays) {
  const Finished one = run_here({"help", "validate"});
  const Finished other = run_here({"validate", "--help"});
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_EQ(one.out, other.out);
  EXPECT_THAT(one.out, HasSubstr("usage: martlet validate"));
}

TEST_F(Tool, WithoutAUrlItStopsWithCodeTwoAndSaysWhatToSet) {
  const Finished done = run_here({"wait"});
  EXPECT_EQ(done.exit_code, 2) << done;
  EXPECT_THAT(done.err, HasSubstr("DATABASE_URL"));
}

TEST_F(Tool, ErrorsAreOneJsonObjectOnStandardOutput) {
  folder.write("martlet.toml", "lock_wiat = 3\n");
  const Finished done = run_here({"config", "--json"});
  EXPECT_EQ(done.exit_code, 2) << done;
  EXPECT_EQ(done.err, "");
  const Json json = Json::parse(done.out);
  EXPECT_FALSE(json["ok"].get<bool>());
  EXPECT_EQ(json["kind"], "usage");
  EXPECT_EQ(json["place"]["file"], "martlet.toml");
  EXPECT_EQ(json["place"]["line"], 1);
  EXPECT_THAT(json["next"], HasSubstr("lock_wait"));
}

TEST_F(Tool, APasswordIsShownNowhere) {
  const Environment environment{{"DATABASE_URL", "postgres://ana:hush@127.0.0.1:1/shop"}};
  for (const char* command : {"config", "heads", "db create", "validate"}) {
    std::vector<std::string> words{command, "--log-file", "run.log"};
    if (words[0] == "db create") words = {"db", "create", "--log-file", "run.log"};
    const Finished done = run_here(words, environment);
    EXPECT_THAT(done.out + done.err, Not(HasSubstr("hush"))) << command;
  }
  EXPECT_THAT(folder.read("run.log"), Not(HasSubstr("hush")));
  EXPECT_THAT(folder.read("run.log"), HasSubstr("127.0.0.1"));
  struct stat about {};
  ASSERT_EQ(stat((folder / "run.log").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(Tool, InitMakesAProjectAndNeverOverwrites) {
  EXPECT_EQ(run_here({"init"}).exit_code, 0);
  const std::string before = folder.read("martlet.toml");
  EXPECT_THAT(before, HasSubstr("sqlite:martlet.db"));
  EXPECT_EQ(run_here({"init"}).exit_code, 2);
  EXPECT_EQ(folder.read("martlet.toml"), before);
  EXPECT_EQ(run_here({"config"}).exit_code, 0);
}

TEST_F(Tool, InitRecognisesAFolderThatIsThere) {
  folder.write("supabase/migrations/20231223_001_add_users.sql", "CREATE TABLE users (id int);\n");
  const Json json = json_of({"init"});
  EXPECT_EQ(json["dir"], "supabase/migrations");
  EXPECT_EQ(json["layout"], "supabase");
  EXPECT_THAT(folder.read("martlet.toml"), HasSubstr("url = \"env:SUPABASE_DB_URL\""));
  EXPECT_EQ(json["migrations"], 1);
}

TEST_F(Tool, InitWritesNoPassword) {
  EXPECT_EQ(run_here({"init", "--url", "postgres://ana:hush@db/shop"}).exit_code, 0);
  EXPECT_THAT(folder.read("martlet.toml"), Not(HasSubstr("hush")));
  EXPECT_THAT(folder.read("martlet.toml"), HasSubstr("env:DATABASE_URL"));
}

TEST_F(Tool, NewNumbersOn) {
  run_here({"init"});
  EXPECT_EQ(run_here({"new", "create", "users"}).exit_code, 0);
  EXPECT_EQ(run_here({"new", "-m", "add roles"}).exit_code, 0);
  EXPECT_THAT(folder.read("migrations/V002__add_roles.sql"), HasSubstr("Rollback plan"));
  EXPECT_EQ(run_here({"new"}).exit_code, 2);
}

TEST_F(Tool, ValidateFindsAGapAndLeavesWithCodeFour) {
  folder.write("migrations/V001__a.sql", "CREATE TABLE a (x int);\n-- martlet:down\nDROP TABLE a;\n");
  folder.write("migrations/V003__c.sql", "CREATE TABLE c (x int);\n-- martlet:down\nDROP TABLE c;\n");
  const Finished done = run_here({"validate"});
  EXPECT_EQ(done.exit_code, 4) << done;
  EXPECT_THAT(done.out, HasSubstr("not compared with a database"));
  const Json json = json_of({"--dry-run", "validate"});
  EXPECT_FALSE(json["ok"].get<bool>());
  EXPECT_EQ(json["code"], 4);
  EXPECT_FALSE(json["findings"].empty());
}

TEST_F(Tool, RenumberResolvesAConflict) {
  folder.write("migrations/V001__a.sql", "SELECT 1;\n");
  folder.write("migrations/V002__b.sql", "SELECT 1;\n");
  folder.write("migrations/V002__conflict.sql", "SELECT 1;\n");
  EXPECT_EQ(run_here({"validate"}).exit_code, 4);
  const Finished done = run_here({"renumber", "V002__conflict.sql"});
  EXPECT_EQ(done.exit_code, 0) << done;
  EXPECT_EQ(folder.read("migrations/V003__conflict.sql"), "SELECT 1;\n");
  EXPECT_EQ(folder.read("migrations/V002__b.sql"), "SELECT 1;\n");
}

TEST_F(Tool, MergeJoinsTwoHeads) {
  folder.write("migrations/V001__a.sql", "SELECT 1;\n");
  folder.write("migrations/V002__b.sql", "-- martlet:depends V001\nSELECT 1;\n");
  folder.write("migrations/V003__c.sql", "-- martlet:depends V001\nSELECT 1;\n");
  EXPECT_EQ(json_of({"heads"})["heads"].size(), 2U);
  EXPECT_EQ(run_here({"merge"}).exit_code, 0);
  EXPECT_EQ(json_of({"heads"})["heads"].size(), 1U);
}

TEST_F(Tool, SeedIsAllOrNothingAndRefusedWhereProtected) {
  folder.write("martlet.toml", "url = \"sqlite:a.db\"\n");
  folder.write("seeds/1.sql", "CREATE TABLE t (x int); INSERT INTO t VALUES (1);\n");
  EXPECT_EQ(run_here({"db", "create"}).exit_code, 0);
  EXPECT_EQ(run_here({"seed"}).exit_code, 0);
  folder.write("seeds/1.sql", "INSERT INTO t VALUES (2);\n\nINSERT INTO nowhere VALUES (3);\n");
  const Finished failed = run_here({"seed"});
  EXPECT_EQ(failed.exit_code, 1) << failed;
  EXPECT_THAT(failed.err, HasSubstr("seeds/1.sql:3:"));
  folder.write("martlet.toml", "url = \"sqlite:a.db\"\nprotected = true\n");
  folder.write("seeds/1.sql", "DELETE FROM t;\n");
  EXPECT_EQ(run_here({"seed"}).exit_code, 9);
  EXPECT_EQ(run_here({"seed", "--yes"}).exit_code, 0);
}

TEST_F(Tool, DropAsksAndIsRefusedWhereProtected) {
  folder.write("martlet.toml",
               "[environments.p]\nurl = \"sqlite:p.db\"\nprotected = true\n[environments.d]\nurl = \"sqlite:d.db\"\n");
  for (const char* environment : {"p", "d"}) EXPECT_EQ(run_here({"db", "create", "--env", environment}).exit_code, 0);
  for (const char* action : {"drop", "reset"}) {
    EXPECT_EQ(run_here({"db", action, "--env", "p", "--yes"}).exit_code, 9) << action;
    EXPECT_EQ(run_here({"db", action, "--env", "d"}).exit_code, 9) << action;
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "p.db"));
  EXPECT_EQ(run_here({"db", "reset", "--env", "d", "--yes"}).exit_code, 0);
  EXPECT_EQ(run_here({"db", "drop", "--env", "d", "--yes"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "d.db"));
}

TEST_F(Tool, EnvUseChangesTheDefault) {
  folder.write("martlet.toml",
               "# kept\n[environments.a]\nurl = \"sqlite:a.db\"\n[environments.b]\nurl = \"sqlite:b.db\"\n");
  EXPECT_EQ(run_here({"env", "use", "b"}).exit_code, 0);
  EXPECT_THAT(run_here({"config", "url"}).out, HasSubstr("sqlite:b.db"));
  EXPECT_THAT(folder.read("martlet.toml"), HasSubstr("# kept"));
  EXPECT_EQ(run_here({"env", "use", "c"}).exit_code, 2);
  EXPECT_EQ(run_here({"env", "validate", "b"}).exit_code, 8);
  EXPECT_EQ(run_here({"db", "create"}).exit_code, 0);
  EXPECT_THAT(run_here({"env", "validate", "b"}).out, HasSubstr("answers (SQLite 3."));
  EXPECT_EQ(json_of({"env", "list"})["environments"].size(), 2U);
}

TEST_F(Tool, CompletionIsReadableByBash) {
  const Finished script = run_here({"completion", "bash"});
  EXPECT_EQ(script.exit_code, 0);
  EXPECT_EQ(run({.arguments = {"bash", "-n"}, .input = script.out}).exit_code, 0);
  EXPECT_EQ(run_here({"completion", "tcsh"}).exit_code, 2);
}

}  // namespace
}  // namespace martlet::testing
