// `martlet effects`, as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/support/cluster.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

/// A database with some tables.
class EffectsCommand : public ::testing::Test {
 protected:
  EffectsCommand() {
    const auto connection = database_.connect();
    for (const char* sql : {"CREATE SCHEMA app", "CREATE TABLE p (id int PRIMARY KEY, a int, n int)",
                            "INSERT INTO p SELECT g, g, g FROM generate_series(1, 100) g", "CREATE INDEX p_a ON p (a)",
                            "CREATE TABLE app.c (id int PRIMARY KEY, p int REFERENCES p)",
                            "INSERT INTO app.c SELECT g, g FROM generate_series(1, 10) g",
                            "CREATE MATERIALIZED VIEW m AS SELECT a FROM p"}) {
      connection->execute(sql);
    }
  }

  Finished effects(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), {"effects", "--url", database_.text()});
    Command command = martlet_command(std::move(arguments));
    command.input = input;
    return run(command);
  }

  static std::vector<Json> objects(const Finished& finished) {
    std::vector<Json> found;
    for (const std::string& line : split_lines(finished.out)) found.push_back(Json::parse(line));
    return found;
  }

  TestDatabase database_ = fresh_database();
};

TEST_F(EffectsCommand, AnswersWithOneObjectAStatement) {
  const Finished finished = effects({"--json", "CREATE INDEX i ON p (n)", "DROP TABLE nothing", "VACUUM p"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  const std::vector<Json> answers = objects(finished);
  ASSERT_EQ(answers.size(), 3U);
  std::vector<std::string> keys;
  for (const auto& [key, value] : answers[0].items()) keys.push_back(key);
  EXPECT_EQ(join(keys, " "), "statement relations transactional error estimate_ms known");
  EXPECT_EQ(answers[0]["statement"], "CREATE INDEX i ON p (n)");
  EXPECT_EQ(answers[0]["relations"].dump(),
            R"([{"name":"p","locks":["Share"],"rewrite":false,"scan":true,"rebuilt":false}])");
  EXPECT_EQ(answers[0]["error"], nullptr);
  EXPECT_LT(answers[0]["estimate_ms"].at(0), answers[0]["estimate_ms"].at(1));
  EXPECT_EQ(answers[1]["error"], "42P01");
  EXPECT_EQ(answers[2]["transactional"], false);
}

TEST_F(EffectsCommand, NamesRelationsAsTheSearchPathFindsThem) {
  const std::vector<Json> answers =
      objects(effects({"--json", "DROP TABLE app.c", "SET search_path = app; DROP TABLE c"}));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_THAT(answers[0]["relations"].dump(), HasSubstr("\"app.c\""));
  EXPECT_THAT(answers[0]["relations"].dump(), HasSubstr("\"app.c_pkey\""));
  EXPECT_THAT(answers[1]["relations"].dump(), HasSubstr("\"c\""));
  EXPECT_THAT(answers[1]["relations"].dump(), HasSubstr("\"public.p\""));
}

TEST_F(EffectsCommand, EachLineBeginsAtTheSameCatalogAndAFileGoesOn) {
  const std::string lines =
      "ALTER TABLE p RENAME TO q\nALTER TABLE q RENAME TO p\n\nALTER TABLE p RENAME TO q; DROP TABLE q CASCADE\n";
  const std::vector<Json> each = objects(effects({"--json"}, lines));
  ASSERT_EQ(each.size(), 3U);
  EXPECT_EQ(each[0]["error"], nullptr);
  EXPECT_EQ(each[1]["error"], "42P01");
  EXPECT_EQ(each[2]["error"], nullptr);
  const TemporaryFolder folder;
  const std::filesystem::path m = folder.write("m.sql", "ALTER TABLE p RENAME TO q;\nALTER TABLE q\n  RENAME TO p;\n");
  const std::vector<Json> file = objects(effects({"--json", "--file", m.string()}));
  ASSERT_EQ(file.size(), 2U);
  EXPECT_EQ(file[0]["error"], nullptr);
  EXPECT_EQ(file[1]["error"], nullptr);
  EXPECT_EQ(file[1]["statement"], "ALTER TABLE q\n  RENAME TO p");
}

TEST_F(EffectsCommand, ShowsATable) {
  const Finished finished = effects({"ALTER TABLE p ALTER n TYPE bigint"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, HasSubstr("relation"));
  EXPECT_THAT(finished.out, HasSubstr("ACCESS EXCLUSIVE"));
  EXPECT_THAT(finished.out, HasSubstr("p_pkey"));
}

TEST_F(EffectsCommand, MeasuresOnACopy) {
  const Finished finished =
      effects({"--json", "--measure", "CREATE INDEX i ON p (n)", "ALTER TABLE p ALTER n TYPE text",
               "ALTER TABLE app.c ADD CONSTRAINT k CHECK (p < 5)", "VACUUM p"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(finished.err, "");
  const std::vector<Json> answers = objects(finished);
  ASSERT_EQ(answers.size(), 4U);
  for (const Json& each : answers) EXPECT_EQ(each["disagrees"].size(), 0U) << each;
  EXPECT_EQ(answers[0]["measured"]["relations"][0]["scan"], true);
  EXPECT_EQ(answers[2]["measured"]["error"], "23514");
  EXPECT_EQ(answers[3]["measured"]["transactional"], false);
  EXPECT_EQ(database_.value("SELECT count(*) FROM pg_indexes WHERE indexname = 'i'"), "0");
}

// Building an index counts the rows, and pg_class keeps the number although the index is taken back: with it the
// planner would read the other table of the join first.
TEST_F(EffectsCommand, WhatIsTakenBackLeavesNoFigures) {
  database_.query("CREATE TABLE e (a int)");
  database_.query("CREATE TABLE f (a int)");
  const std::string join = "SELECT * FROM p, e, f WHERE p.a = f.a";
  const std::vector<Json> answers =
      objects(effects({"--json", "--measure", join, "CREATE INDEX ON e (a)", "ANALYZE", "ANALYZE f", join}));
  ASSERT_EQ(answers.size(), 5U);
  EXPECT_EQ(answers[0]["measured"], answers[4]["measured"]);
}

TEST_F(EffectsCommand, SaysThatTheCatalogCannotBeRead) {
  const TestRole role(database_, "LOGIN");
  database_.query("REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC");
  const Finished finished = martlet({"effects", "--url", database_.url_as(role.name()).text(), "DROP TABLE p"});
  EXPECT_EQ(finished.exit_code, 8) << finished;
  EXPECT_THAT(finished.err, HasSubstr("catalog cannot be read: permission denied for table pg_class"));
  EXPECT_THAT(finished.err, HasSubstr("next: let this role read the tables of pg_catalog"));
}

TEST_F(EffectsCommand, TakesAFileThroughOnTheCopy) {
  const Finished finished = effects({"--measure", "--rows", "5", "--file", "-"},
                                    "ALTER TABLE p RENAME TO q; CREATE INDEX i ON q (n); VACUUM q; DROP INDEX i;");
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, Not(HasSubstr("differs")));
}

TEST_F(EffectsCommand, PointsAtWhatDoesNotParse) {
  const Finished finished = effects({"CREATE INDEX i ON p (n)", "ALTER TABEL p ADD z int"});
  EXPECT_EQ(finished.exit_code, 4) << finished;
  EXPECT_THAT(finished.err, HasSubstr("syntax error at or near \"TABEL\""));
  EXPECT_THAT(finished.err, HasSubstr("^"));
  EXPECT_THAT(finished.out, HasSubstr("SHARE"));
  const Finished json = effects({"--json", "ALTER TABEL p ADD z int", "SELECT 'unfinished"});
  EXPECT_EQ(json.exit_code, 4) << json;
  for (const Json& each : objects(json)) EXPECT_EQ(each["error"], "42601");
}

TEST_F(EffectsCommand, RefusesWhatItCannotAnswer) {
  EXPECT_EQ(effects({}).exit_code, 2);
  EXPECT_EQ(effects({"--file", "missing.sql"}).exit_code, 2);
  EXPECT_EQ(effects({"--file", "missing.sql", "SELECT 1"}).exit_code, 2);
  EXPECT_EQ(effects({"--measure", "--no-database", "SELECT 1"}).exit_code, 2);
  EXPECT_EQ(effects({"--measure", "--rows", "many", "SELECT 1"}).exit_code, 2);
  EXPECT_EQ(martlet({"effects", "--url", "sqlite::memory:", "SELECT 1"}).exit_code, 2);
  EXPECT_EQ(martlet({"effects", "--url", "postgresql://localhost:1/nothing", "SELECT 1"}).exit_code, 8);
}

TEST_F(EffectsCommand, SaysWhatItAssumesWithoutADatabase) {
  const Finished finished = martlet({"effects", "--no-database", "CREATE INDEX i ON orders (customer)"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, HasSubstr("assumed: orders exists and is large"));
}

}  // namespace
}  // namespace martlet::testing
