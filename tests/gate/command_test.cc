// `martlet doctor` and `martlet verify` as a user types them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/gate/world.h"
#include "tests/support/cluster.h"
#include "tests/support/martlet.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HealthCommands : public ::testing::Test {
 protected:
  HealthCommands() {
    world.write("V1__first.sql", "CREATE TABLE a (id int);\n");
    world.record("1");
  }
  Finished type(std::vector<std::string> words) {
    return martlet(std::move(words), {{"DATABASE_URL", database.text()}}, world.folder().path());
  }

  TestDatabase database = fresh_database();
  World world{database.url()};
};

TEST_F(HealthCommands, DoctorShowsEachCheckOnALineAndWordsWhenPiped) {
  const Finished finished = type({"doctor"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, HasSubstr("ok       connectivity"));
  EXPECT_THAT(finished.out, HasSubstr("warning  settings"));  // the test server's fsync is off
  EXPECT_THAT(finished.out, Not(HasSubstr("\033[")));
}

TEST_F(HealthCommands, VerifyIsWellThenEditedAndSaysWhatToDo) {
  EXPECT_EQ(type({"verify"}).exit_code, 0);
  world.write("V1__first.sql", "CREATE TABLE a (id bigint);\n");
  const Finished finished = type({"verify"});
  EXPECT_EQ(finished.exit_code, 4) << finished;
  EXPECT_THAT(finished.out, HasSubstr("bad      edited-files"));
  EXPECT_THAT(finished.out, HasSubstr("+CREATE TABLE a (id bigint);"));
  EXPECT_THAT(finished.out, HasSubstr("next: restore what was applied"));
}

TEST_F(HealthCommands, JsonHoldsEveryCheck) {
  world.remove("V1__first.sql");
  const Finished finished = type({"verify", "--json"});
  const auto json = nlohmann::json::parse(finished.out);
  EXPECT_EQ(json.at("ok"), false);
  EXPECT_EQ(json.at("code"), finished.exit_code);
  EXPECT_EQ(json.at("checks").size(), health_checks(AskedBy::verify, Dialect::postgres).size());
  EXPECT_EQ(json.at("counts").at("bad"), 1);
}

TEST_F(HealthCommands, NoConnectionIsCodeEightAndShowsNoPassword) {
  const std::string url = with_user(database.url().with_database("nowhere"), "postgres", "s3cret").text();
  for (const std::string command : {"doctor", "verify"}) {
    const Finished finished = type({command, "--url", url});
    EXPECT_EQ(finished.exit_code, 8) << finished;
    EXPECT_THAT(finished.out + finished.err, Not(HasSubstr("s3cret")));
  }
}

}  // namespace
}  // namespace martlet::testing
