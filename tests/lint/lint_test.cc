// `martlet lint`, `check` and `explain`, as a user types them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/registry.h"
#include "cli/lint/report.h"
#include "hazard/hazard.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"
#include "tests/support/process.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr const char* kTable =
    "CREATE TABLE orders (id bigint PRIMARY KEY, a int, b int);\n-- martlet:down\nDROP TABLE orders;\n";
constexpr const char* kIndex =
    "CREATE INDEX orders_id ON orders (a);\n-- martlet:down\nDROP INDEX CONCURRENTLY IF EXISTS orders_id;\n";

class Lint : public ::testing::Test {
 protected:
  Finished run_here(std::vector<std::string> arguments, const std::string& input = "") {
    Command command = martlet_command(std::move(arguments), {}, folder.path());
    command.input = input;
    return run(command);
  }
  Json json_of(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    return Json::parse(run_here(std::move(arguments)).out, nullptr, false);
  }
  void git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"git", "-c", "user.name=a", "-c", "user.email=a@b.c"});
    const Finished done = run({arguments, {}, folder.path()});
    ASSERT_EQ(done.exit_code, 0) << done;
  }
  TemporaryFolder folder;
};

TEST_F(Lint, ShowsTheLineWhatHappensAndTheSafeForm) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql", kIndex);
  const Finished done = run_here({"lint"});
  EXPECT_EQ(done.exit_code, 4) << done;
  EXPECT_THAT(done.out, AllOf(HasSubstr("V002__b.sql:1:1: error: "), HasSubstr("    1 | CREATE INDEX orders_id"),
                              HasSubstr("      | ^"), HasSubstr("locks orders (SHARE: nobody can write)"),
                              HasSubstr("CREATE INDEX CONCURRENTLY"), HasSubstr("[create-index-blocking]"),
                              HasSubstr("without a database")));
}

TEST_F(Lint, ASafeFormThatFindingsOfOneStatementShareIsShownOnce) {
  folder.write("schema.sql", "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY);\n");
  folder.write("migrations/V001__x.sql",
               "-- martlet:irreversible \"gone\"\nDROP TABLE a, b;\nDROP TABLE IF EXISTS b;\n");
  const std::string out = run_here({"lint", "--schema-file", "schema.sql"}).out;
  const auto count = [&](std::string_view text) {
    std::size_t found = 0;
    for (std::size_t at = out.find(text); at != std::string::npos; at = out.find(text, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("ALTER TABLE a RENAME TO a_deprecated;"), 1U) << out;
  EXPECT_EQ(count("instead: as above"), 1U) << out;
}

TEST_F(Lint, ASecretThatIsFoundIsNotShown) {
  folder.write("migrations/V001__a.sql", "CREATE TABLE users (id int PRIMARY KEY, password text);\n");
  folder.write("migrations/V002__b.sql", "INSERT INTO users (id, password) VALUES (1, 'hunter22');\n");
  for (const char* format : {"text", "json", "sarif", "github", "gitlab", "gcc", "junit"}) {
    const std::string out = run_here({"lint", "--format", format}).out;
    EXPECT_THAT(out, AllOf(HasSubstr("a value of password"), Not(HasSubstr("hunter22")))) << format;
  }
}

TEST_F(Lint, LeavesWithZeroWhereNothingIsAnError) {
  folder.write("migrations/V001__a.sql", kTable);
  EXPECT_EQ(run_here({"lint"}).exit_code, 0);
}

TEST_F(Lint, ATableOfTheSameFileIsNewOneOfAnEarlierFileIsNot) {
  folder.write("migrations/V001__a.sql",
               "CREATE TABLE orders (id bigint);\nCREATE INDEX ON orders (id);\n-- martlet:down\nDROP TABLE orders;\n");
  EXPECT_EQ(run_here({"lint"}).exit_code, 0);
  folder.write("migrations/V002__b.sql", kIndex);
  EXPECT_EQ(run_here({"lint"}).exit_code, 4);
}

TEST_F(Lint, OneFileIsJudgedBehindTheEarlierOnesAndOnlyItIsTold) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql", kIndex);
  folder.write("migrations/V003__c.sql", "CREATE TABLE orders (id bigint);\n-- martlet:down\nDROP TABLE orders;\n");
  const Json json = json_of({"lint", "migrations/V003__c.sql"});
  ASSERT_EQ(json["findings"].size(), 1U) << json;
  EXPECT_EQ(json["findings"][0]["id"], "statement-fails");
  EXPECT_EQ(json["files"], 1);
}

TEST_F(Lint, ReadsStandardInputAndFilesFromAnywhere) {
  folder.write("elsewhere/x.sql", "CREATE INDEX ON a (b);\n");
  const Finished done = run_here({"lint", "-", "elsewhere/x.sql"}, "SELECT 1;\nCREATE INDEX ON c (d);\n");
  EXPECT_EQ(done.exit_code, 4) << done;
  EXPECT_THAT(done.out, AllOf(HasSubstr("<stdin>:2:1: error"), HasSubstr("    2 | CREATE INDEX ON c"),
                              HasSubstr("elsewhere/x.sql:1:1: error")));
}

TEST_F(Lint, JudgesOnASchemaFile) {
  folder.write("schema.sql", "CREATE TABLE orders (id bigint NOT NULL);\n");
  folder.write("migrations/V001__a.sql", "CREATE TABLE orders (id int);\n-- martlet:down\nDROP TABLE orders;\n");
  const Json json = json_of({"lint", "--schema-file", "schema.sql"});
  ASSERT_FALSE(json["findings"].empty()) << json;
  EXPECT_EQ(json["findings"][0]["id"], "statement-fails");
  const Finished missing = run_here({"lint", "--schema-file", "nowhere.sql"});
  EXPECT_THAT(missing.err, HasSubstr("nowhere.sql"));
}

TEST_F(Lint, FixChangesTheTextAndShowsTheDifference) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql", kIndex);
  const Finished shown = run_here({"lint", "--fix", "--dry-run"});
  EXPECT_THAT(shown.out, HasSubstr("+CREATE INDEX CONCURRENTLY orders_id"));
  EXPECT_EQ(folder.read("migrations/V002__b.sql"), kIndex);
  const Finished done = run_here({"lint", "--fix"});
  EXPECT_EQ(done.exit_code, 0) << done;
  EXPECT_THAT(folder.read("migrations/V002__b.sql"),
              ::testing::StartsWith("-- martlet:no-transaction\nCREATE INDEX CONCURRENTLY orders_id ON orders (a);\n"));
  EXPECT_EQ(run_here({"lint"}).exit_code, 0);
}

TEST_F(Lint, WhatAFixLeavesIsShownWhereTheChangedFileHasIt) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql",
               "CREATE INDEX orders_id ON orders (a);\nALTER TABLE orders RENAME COLUMN a TO c;\n-- martlet:down\n"
               "ALTER TABLE orders RENAME COLUMN c TO a;\nDROP INDEX CONCURRENTLY orders_id;\n");
  EXPECT_THAT(run_here({"lint"}).out, HasSubstr("V002__b.sql:2:1: error"));
  const Finished fixed = run_here({"lint", "--fix"});
  EXPECT_THAT(fixed.out, HasSubstr("V002__b.sql:3:1: error")) << fixed;
  EXPECT_THAT(fixed.out, Not(HasSubstr("V002__b.sql:2:1: error"))) << fixed;
}

TEST_F(Lint, FixRefusesStandardInput) {
  const Finished refused = run_here({"lint", "--fix", "-"});
  EXPECT_EQ(refused.exit_code, 2) << refused;
  EXPECT_THAT(refused.err, HasSubstr("standard input"));
}

TEST_F(Lint, FixKeepsLineEndsAndTheByteOrderMark) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql",
               "\xEF\xBB\xBFSELECT 'é';\r\n\r\n SELECT 'é'; CREATE INDEX i\r\n  ON orders (id);\r\n");
  run_here({"lint", "--fix"});
  EXPECT_EQ(
      folder.read("migrations/V002__b.sql"),
      "\xEF\xBB\xBF-- martlet:no-transaction\r\nSELECT 'é';\r\n\r\n SELECT 'é'; CREATE INDEX CONCURRENTLY i\r\n  ON "
      "orders (id);\r\n");
}

TEST_F(Lint, AFileThatIsAppliedIsNeitherJudgedNorFixed) {
  folder.write("martlet.toml", "url = \"sqlite:x.db\"\n");
  folder.write("migrations/V001__a.sql", "CREATE TABLE a (id integer);\n-- martlet:down\nDROP TABLE a;\n");
  ASSERT_EQ(run_here({"up"}).exit_code, 0);
  folder.write("migrations/V002__b.sql", "CREATE TABLE a (id integer);\n-- martlet:down\nDROP TABLE a;\n");
  const Json json = json_of({"lint"});
  EXPECT_EQ(json["already_applied"], 1) << json;
  ASSERT_EQ(json["errors"], 1) << json;
  EXPECT_EQ(json["findings"][0]["id"], "statement-fails");
  const Finished fix = run_here({"lint", "--fix", "migrations/V001__a.sql"});
  EXPECT_EQ(fix.exit_code, 4) << fix;
  EXPECT_THAT(fix.err, HasSubstr("V001__a.sql"));
}

TEST_F(Lint, SinceARevisionOnlyChangedFilesAreTold) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql", kIndex);
  git({"init", "-q"});
  git({"add", "."});
  git({"commit", "-q", "-m", "first"});
  EXPECT_EQ(run_here({"lint", "--since", "HEAD"}).exit_code, 0);
  folder.write("migrations/V003__c.sql",
               "CREATE INDEX late ON orders (b);\n-- martlet:down\nDROP INDEX CONCURRENTLY IF EXISTS late;\n");
  const Json json = json_of({"lint", "--since", "HEAD"});
  ASSERT_EQ(json["errors"], 1) << json;
  EXPECT_EQ(json["findings"][0]["place"]["file"], "migrations/V003__c.sql");
}

TEST_F(Lint, ARevisionThatIsGoneAndAFolderWithoutGitAreSaid) {
  folder.write("migrations/V001__a.sql", kTable);
  const Finished none = run_here({"lint", "--since", "HEAD"});
  EXPECT_EQ(none.exit_code, 2) << none;
  EXPECT_THAT(none.err, HasSubstr("not in a git repository"));
  git({"init", "-q"});
  git({"add", "."});
  git({"commit", "-q", "-m", "first"});
  for (const char* revision : {"deadbeefdeadbeef", "--output=x", "gone-branch"}) {
    const Finished gone = run_here({"lint", std::string("--since=") + revision});
    EXPECT_EQ(gone.exit_code, 2) << gone;
    EXPECT_THAT(gone.err, AllOf(HasSubstr("git knows no revision"), HasSubstr(revision)));
  }
}

TEST_F(Lint, SeveritiesComeFromTheConfigurationAndItsEnvironment) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql", kIndex);
  folder.write("martlet.toml",
               "[lint]\nseverity = {\"create-index-blocking\" = \"warning\"}\n"
               "[environments.staging.lint]\nseverity = {\"create-index-blocking\" = \"off\"}\n");
  EXPECT_EQ(json_of({"lint"})["warnings"], 1);
  EXPECT_EQ(json_of({"lint", "--env", "staging"})["findings"].size(), 0U);
}

TEST_F(Lint, UnknownHazardsAndSeveritiesInTheConfigurationAreErrors) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("martlet.toml", "[lint]\nseverity = {\"create-index-bloking\" = \"off\"}\n");
  const Finished unknown = run_here({"lint"});
  EXPECT_EQ(unknown.exit_code, 2) << unknown;
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("martlet.toml:2"), HasSubstr("did you mean create-index-blocking?")));
  folder.write("martlet.toml", "[lint]\nseverity = {\"create-index-blocking\" = \"fatal\"}\n");
  EXPECT_THAT(run_here({"lint"}).err, HasSubstr("off, info, warning or error"));
}

TEST_F(Lint, AnAllowWithoutAReasonIsAnError) {
  folder.write("migrations/V001__a.sql", "-- martlet:allow create-index-blocking\nSELECT 1;\n");
  const Finished done = run_here({"lint"});
  EXPECT_EQ(done.exit_code, 4) << done;
  EXPECT_THAT(done.err, AllOf(HasSubstr("V001__a.sql:1"), HasSubstr("needs a reason")));
}

TEST_F(Lint, EveryFormatIsWrittenAndUnknownOnesAreNot) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql", kIndex);
  for (const LintFormat* format : Registry<LintFormat>::all()) {
    const Finished done = run_here({"lint", "--format", std::string(format->id)});
    EXPECT_EQ(done.exit_code, 4) << done;
    EXPECT_THAT(done.out, AllOf(HasSubstr("create-index-blocking"), HasSubstr("V002__b.sql"))) << format->id;
  }
  EXPECT_EQ(Registry<LintFormat>::all().size(), 7U);
  const Finished unknown = run_here({"lint", "--format", "sariff"});
  EXPECT_EQ(unknown.exit_code, 2) << unknown;
  EXPECT_THAT(unknown.err, HasSubstr("did you mean sarif?"));
}

TEST_F(Lint, MachineFormatsHaveTheFormTheyPromise) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V002__b.sql", kIndex);
  EXPECT_THAT(run_here({"lint", "--format", "gcc"}).out,
              ::testing::MatchesRegex("migrations/V002__b.sql:1:1: error: [^\n]* .create-index-blocking.\n(.|\n)*"));
  EXPECT_THAT(run_here({"lint", "--format", "github"}).out,
              HasSubstr("::error file=migrations/V002__b.sql,line=1,col=1,title=create-index-blocking::"));
  const Json gitlab = Json::parse(run_here({"lint", "--format", "gitlab"}).out);
  EXPECT_EQ(gitlab[0]["location"]["lines"]["begin"], 1);
  EXPECT_EQ(gitlab[0]["severity"], "critical");
  EXPECT_THAT(run_here({"lint", "--format", "junit"}).out, HasSubstr("<testsuite name=\"migrations/V002__b.sql\""));
  const Json json = Json::parse(run_here({"lint", "--format", "json"}).out);
  EXPECT_EQ(json["code"], 4);
  EXPECT_EQ(json["findings"][0]["fixable"], true);
}

// The members that SARIF 2.1.0 requires and the words it allows, as far as martlet writes them (OASIS standard,
// sections 3.13, 3.14, 3.19, 3.27, 3.28, 3.29, 3.30, 3.49).
void expect_members(const Json& object, const std::vector<std::string>& required,
                    const std::vector<std::string>& optional) {
  ASSERT_TRUE(object.is_object()) << object;
  for (const std::string& name : required) EXPECT_TRUE(object.contains(name)) << name << " is missing in " << object;
  for (const auto& [name, value] : object.items()) {
    const bool known = std::ranges::count(required, name) + std::ranges::count(optional, name) > 0;
    EXPECT_TRUE(known) << name << " is no member SARIF knows there";
  }
}

void expect_result(const Json& result, const Json& rules) {
  expect_members(result, {"message"}, {"ruleId", "ruleIndex", "level", "locations", "partialFingerprints"});
  EXPECT_TRUE(result["message"]["text"].is_string());
  EXPECT_TRUE(result["level"] == "error" || result["level"] == "warning" || result["level"] == "note");
  EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
  for (const Json& location : result["locations"]) {
    expect_members(location, {"physicalLocation"}, {});
    expect_members(location["physicalLocation"], {"artifactLocation"}, {"region"});
    EXPECT_TRUE(location["physicalLocation"]["artifactLocation"]["uri"].is_string());
    if (!location["physicalLocation"].contains("region")) continue;
    expect_members(location["physicalLocation"]["region"], {"startLine"}, {"startColumn"});
    EXPECT_GE(location["physicalLocation"]["region"]["startLine"], 1);
    EXPECT_GE(location["physicalLocation"]["region"]["startColumn"], 1);
  }
  for (const auto& [name, value] : result["partialFingerprints"].items()) EXPECT_TRUE(value.is_string()) << name;
}

TEST_F(Lint, SarifIsWellFormed) {
  folder.write("migrations/V001__a b.sql", kTable);
  folder.write("migrations/V002__b.sql", kIndex);
  const Json log = Json::parse(run_here({"lint", "--format", "sarif"}).out);
  expect_members(log, {"version", "runs"}, {"$schema"});
  EXPECT_EQ(log["version"], "2.1.0");
  ASSERT_EQ(log["runs"].size(), 1U);
  const Json& only = log["runs"][0];
  expect_members(only, {"tool"}, {"results", "columnKind"});
  EXPECT_EQ(only["columnKind"], "unicodeCodePoints");
  expect_members(only["tool"], {"driver"}, {});
  const Json& driver = only["tool"]["driver"];
  expect_members(driver, {"name"}, {"semanticVersion", "rules"});
  EXPECT_EQ(driver["rules"].size(), Registry<Hazard>::all().size());
  for (const Json& rule : driver["rules"]) {
    expect_members(rule, {"id"}, {"shortDescription", "fullDescription", "help", "defaultConfiguration"});
    for (const char* text : {"shortDescription", "fullDescription", "help"}) {
      EXPECT_FALSE(rule[text]["text"].get<std::string>().empty()) << rule["id"];
    }
  }
  EXPECT_FALSE(only["results"].empty());
  for (const Json& result : only["results"]) expect_result(result, driver["rules"]);
}

// The schema is no part of the project; `./dev test` fetches it.
TEST_F(Lint, SarifIsValidByItsSchema) {
  const std::string schema =
      std::string(MARTLET_SOURCE_DIR) + "/build/test-tools/package/lib/schemas/sarif-2.1.0-rtm.5.json";
  if (!std::filesystem::exists(schema)) GTEST_SKIP() << schema << " is missing: run ./dev test once";
  folder.write("migrations/V001__a b.sql", kTable);
  folder.write("migrations/V002__b.sql", std::string(kIndex) + "DROP TABLE orders CASCADE;\nSELECT 'ü';\n");
  folder.write("migrations/V003__broken.sql", "ALTER TABEL orders;\n");
  folder.write("log.sarif", run_here({"lint", "--format", "sarif"}).out);
  const Finished checked = run({{"python3", "-c",
                                 "import json, jsonschema, sys\n"
                                 "schema, log = (json.load(open(path, encoding='utf-8')) for path in sys.argv[1:])\n"
                                 "jsonschema.Draft4Validator.check_schema(schema)\n"
                                 "sys.exit('; '.join(e.json_path + ': ' + e.message for e in "
                                 "jsonschema.Draft4Validator(schema).iter_errors(log)) or 0)",
                                 schema, (folder / "log.sarif").string()},
                                {},
                                folder.path()});
  EXPECT_EQ(checked.exit_code, 0) << checked;
}

TEST_F(Lint, FingerprintsSurviveMovedLinesAndTellEqualStatementsApart) {
  const auto prints = [&] {
    std::vector<std::string> found;
    const Json json = json_of({"lint", "x.sql"});
    for (const Json& each : json["findings"]) {
      if (each["id"] == "create-index-blocking") found.push_back(each["fingerprint"]);
    }
    return found;
  };
  folder.write("x.sql", "CREATE INDEX ON a (b);\nCREATE INDEX ON a (b);\n");
  const std::vector<std::string> before = prints();
  ASSERT_EQ(before.size(), 2U);
  EXPECT_NE(before[0], before[1]);
  folder.write("x.sql", "-- a comment\n\nSELECT 1;\nCREATE   INDEX\n  ON a (b);\nCREATE INDEX ON a (b) /* x */;\n");
  EXPECT_EQ(prints(), before);
}

TEST_F(Lint, SyntaxErrorsHaveLineAndCaret) {
  folder.write("x.sql", "SELECT 1;\n  ALTER TABEL a ADD b int;\n");
  const Finished done = run_here({"lint", "x.sql"});
  EXPECT_EQ(done.exit_code, 4) << done;
  EXPECT_THAT(done.out, AllOf(HasSubstr("x.sql:2:9: error: syntax error at or near \"TABEL\""),
                              HasSubstr("    2 |   ALTER TABEL a ADD b int;\n      |         ^")));
}

TEST_F(Lint, BinaryJunkIsSaidToBeSo) {
  folder.write("x.sql", std::string("\x7f\x45\x4c\x46\xff\xfe\x00\x80", 8));
  const Finished done = run_here({"lint", "x.sql"});
  EXPECT_EQ(done.exit_code, 4) << done;
  EXPECT_THAT(done.out + done.err, HasSubstr("x.sql:1"));
}

TEST_F(Lint, DeepNestingAndLengthAreNotAnalysedButSaid) {
  std::string sum = "SELECT 1";
  for (int i = 0; i < 100'000; ++i) sum += "+1";
  folder.write("deep.sql", sum + ";\n");
  const Finished deep = run_here({"lint", "deep.sql"});
  EXPECT_EQ(deep.exit_code, 0) << deep;
  EXPECT_THAT(deep.out, HasSubstr("[not-analysed]"));
  std::string nested = "SELECT " + std::string(3000, '(') + "1" + std::string(3000, ')') + ";\n";
  folder.write("nested.sql", nested);
  EXPECT_EQ(run_here({"lint", "nested.sql"}).signal, 0);
}

TEST_F(Lint, TwentyMegabytesAreJudged) {
  std::string text;
  while (text.size() < 20'000'000) text += "INSERT INTO log (line) VALUES ('" + std::string(200'000, 'x') + "');\n";
  text += "CREATE INDEX ON log (line);\n";
  folder.write("big.sql", text);
  const Finished done = run_here({"lint", "big.sql", "--format", "gcc"});
  EXPECT_EQ(done.exit_code, 4) << done.err;
  EXPECT_THAT(done.out, HasSubstr("[create-index-blocking]"));
}

TEST_F(Lint, ADatabaseThatDoesNotAnswerIsAnErrorWhereItWasAskedFor) {
  folder.write("migrations/V001__a.sql", kTable);
  const Finished done = run_here({"lint", "--url", "postgresql://127.0.0.1:1/nothing"});
  EXPECT_EQ(done.exit_code, 8) << done;
}

TEST_F(Lint, AFileThatIsNotThereIsAnError) {
  EXPECT_EQ(run_here({"lint", "nowhere.sql"}).exit_code, 4);
  EXPECT_EQ(run_here({"lint"}).exit_code, 2);
}

TEST_F(Lint, CheckIsValidateAndLint) {
  folder.write("migrations/V001__a.sql", kTable);
  folder.write("migrations/V003__b.sql", kIndex);
  const Finished done = run_here({"check"});
  EXPECT_EQ(done.exit_code, 4) << done;
  EXPECT_THAT(done.out, AllOf(HasSubstr("[version-gap]"), HasSubstr("[create-index-blocking]")));
  folder.write("martlet.toml",
               "[migrations]\ngaps = \"allow\"\n[lint]\nseverity = {\"create-index-blocking\" = \"off\"}\n");
  EXPECT_EQ(run_here({"check"}).exit_code, 0);
}

TEST_F(Lint, ExplainHasAPageForEveryHazard) {
  const Finished list = run_here({"explain"});
  EXPECT_EQ(list.exit_code, 0) << list;
  for (const Hazard* each : Registry<Hazard>::all()) {
    EXPECT_THAT(list.out, HasSubstr(std::string(each->id)));
    EXPECT_FALSE(each->why.empty()) << each->id;
    EXPECT_FALSE(each->safe_form.empty()) << each->id;
  }
  const Finished page = run_here({"explain", "create-index-blocking"});
  EXPECT_THAT(page.out, AllOf(HasSubstr("Why it hurts"), HasSubstr("0.77 s"), HasSubstr("CREATE INDEX CONCURRENTLY")));
  const Finished unknown = run_here({"explain", "create-index-bloking"});
  EXPECT_EQ(unknown.exit_code, 2) << unknown;
  EXPECT_THAT(unknown.err, HasSubstr("did you mean create-index-blocking?"));
}

}  // namespace
}  // namespace martlet::testing
