// Gates around real runs: every outcome, at every moment, with every action.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/safeguards/project.h"
#include "tests/support/receiver.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPass = "SELECT 1";
constexpr const char* kFail = "SELECT 9";
constexpr const char* kUndecided = "SELECT 5";  // neither success nor failure

std::string gate(const std::string& query, const std::string& when, const std::string& more = "") {
  return fmt::format(
      "[[gate]]\nname = \"g\"\nkind = \"sql\"\nquery = \"{}\"\nsuccess = \"value < 3\"\n"
      "failure = \"value > 7\"\nwhen = \"{}\"\ninterval = \"20ms\"\n{}\n",
      query, when, more);
}

class Gates : public ::testing::Test {
 protected:
  Gates() {
    project.write("migrations/V001__a.sql", "CREATE TABLE a (id int);\n-- martlet:down\nDROP TABLE a;\n");
    project.write("migrations/V002__b.sql", "CREATE TABLE b (id int);\n-- martlet:down\nDROP TABLE b;\n");
    project.database.query("CREATE TABLE knob (value int)");
  }
  Project project;
};

struct Case {
  const char* name;
  const char* query;
  const char* when;
  const char* action;  // for both outcomes
  int code;
  bool applied;          // what the run did is there afterwards
  const char* evidence;  // the last word about the gate
};

class GateOutcome : public Gates, public ::testing::WithParamInterface<Case> {};

TEST_P(GateOutcome, DoesToTheRunWhatItIsAskedTo) {
  const Case& c = GetParam();
  project.configure(gate(c.query, c.when,
                         fmt::format("on_failure = \"{0}\"\non_inconclusive = \"{0}\"\n"
                                     "pause_limit = \"200ms\"",
                                     c.action)));
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, c.code) << finished;
  EXPECT_EQ(project.has_table("b"), c.applied) << finished;
  EXPECT_THAT(project.events(), HasSubstr(c.evidence));
  if (c.code != 0) EXPECT_THAT(finished.err, HasSubstr("gate g " + std::string(c.when))) << finished;
  project.expect_audit_verifies();
}

TEST_F(Gates, WhatTheySaidIsInTheJsonOfTheRun) {
  project.configure(gate(kPass, "before"));
  const nlohmann::json well = nlohmann::json::parse(project.type({"up", "--to", "001", "--json"}).out).at("gates");
  EXPECT_EQ(well, nlohmann::json::parse(
                      R"json([{"gate": "g", "passed": true, "text": "g before the run: passed (value 1)"
}])json"));
  project.configure(gate(kFail, "after", "on_failure = \"abort\""));
  const nlohmann::json badly = nlohmann::json::parse(project.type({"up", "--json"}).out);
  EXPECT_EQ(badly.at("gates").at(0).at("gate"), "g");
  EXPECT_EQ(badly.at("gates").at(0).at("passed"), false);
  EXPECT_EQ(badly.at("code"), 9);
  project.configure("");
  EXPECT_FALSE(nlohmann::json::parse(project.type({"up", "--json"}).out).contains("gates"));
}

INSTANTIATE_TEST_SUITE_P(
    All, GateOutcome,
    ::testing::Values(Case{"before_pass", kPass, "before", "abort", 0, true, "gate-passed"},
                      Case{"before_fail_abort", kFail, "before", "abort", 9, false, "gate-failed"},
                      Case{"before_fail_pause", kFail, "before", "pause", 9, false, "gate-failed"},
                      Case{"before_fail_rollback", kFail, "before", "rollback", 9, false, "gate-failed"},
                      Case{"before_undecided_abort", kUndecided, "before", "abort", 9, false, "gate-inconclusive"},
                      Case{"before_undecided_pause", kUndecided, "before", "pause", 9, false, "gate-inconclusive"},
                      Case{"before_undecided_rollback", kUndecided, "before", "rollback", 9, false,
                           "gate-inconclusive"},
                      Case{"after_pass", kPass, "after", "rollback", 0, true, "gate-passed"},
                      Case{"after_fail_abort", kFail, "after", "abort", 9, true, "gate-failed"},
                      Case{"after_fail_pause", kFail, "after", "pause", 9, true, "gate-failed"},
                      Case{"after_fail_rollback", kFail, "after", "rollback", 9, false, "rolled-back"},
                      Case{"after_undecided_abort", kUndecided, "after", "abort", 9, true, "gate-inconclusive"},
                      Case{"after_undecided_pause", kUndecided, "after", "pause", 9, true, "gate-inconclusive"},
                      Case{"after_undecided_rollback", kUndecided, "after", "rollback", 9, false, "rolled-back"}),
    [](const auto& info) { return std::string(info.param.name); });

// Ends once the gate's session has asked three whole times since it began: the first may have begun before, and the
// second has been judged when the third begins.
constexpr const char* kUntilSeen = R"(DO $$
DECLARE seen timestamptz[] := '{}'; at timestamptz;
BEGIN
  WHILE cardinality(seen) < 3 LOOP
    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.002);
    SELECT query_start INTO at FROM pg_stat_activity
    WHERE application_name = 'martlet gate' AND datname = current_database() AND query = 'ROLLBACK' AND state = 'idle';
    IF at > transaction_timestamp() AND at <> ALL (seen) THEN seen := seen || at; END IF;
  END LOOP;
END $$;
-- martlet:down
SELECT 1;
)";

// The second migration turns the knob that the gate looks at, the third ends when the gate has seen it, and the safe
// point behind it decides.
class DuringGate : public Gates {
 protected:
  void run_with(const std::string& value, const std::string& action) {
    project.write(
        "migrations/V002__b.sql",
        fmt::format("INSERT INTO knob VALUES ({});\n-- martlet:down\nDELETE FROM knob WHERE value > 0;\n", value));
    project.write("migrations/V003__wait.sql", kUntilSeen);
    project.write("migrations/V004__c.sql", "CREATE TABLE c (id int);\n-- martlet:down\nDROP TABLE c;\n");
    project.configure(
        gate("SELECT coalesce(max(value), 0) FROM knob", "during",
             fmt::format("on_failure = \"{0}\"\non_inconclusive = \"{0}\"\npause_limit = \"300ms\"", action)));
    finished = project.type({"up"});
  }
  Finished finished;
};

TEST_F(DuringGate, ThatPassesLetsTheRunGoOn) {
  run_with("1", "rollback");
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_TRUE(project.has_table("c"));
  EXPECT_THAT(project.details("gate-passed"), HasSubstr("g during the run: passed (value 1"));
}

TEST_F(DuringGate, ThatFailsEndsTheRunAtTheNextSafePoint) {
  run_with("9", "abort");
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_FALSE(project.has_table("c"));
  EXPECT_TRUE(project.has_table("a"));
  EXPECT_THAT(finished.err, HasSubstr("gate g during the run: failed (value 9"));
}

TEST_F(DuringGate, ThatFailsPausesTheRunForAsLongAsItsLimit) {
  run_with("9", "pause");
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_FALSE(project.has_table("c"));
  EXPECT_THAT(finished.err, HasSubstr("standing still: gate g during the run: failed"));
}

TEST_F(DuringGate, ThatFailsTakesTheRunBack) {
  run_with("9", "rollback");
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_FALSE(project.has_table("a"));
  EXPECT_EQ(project.ask("SELECT count(*) FROM martlet.schema_migrations WHERE state = 'applied'"), "0\n");
  EXPECT_THAT(project.events(), HasSubstr("rolled-back"));
  project.expect_audit_verifies();
}

TEST_F(DuringGate, ThatCannotDecideDoesNotPass) {
  run_with("5", "abort");
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_FALSE(project.has_table("c"));
}

TEST_F(Gates, ThatPausesGoesOnOnceItPasses) {
  project.database.query("INSERT INTO knob VALUES (9)");
  project.configure(gate("SELECT value FROM knob", "before", "on_failure = \"pause\""));
  Process running(project.command({"up"}));
  ASSERT_TRUE(eventually([&] { return running.err().find("standing still: gate g") != std::string::npos; }))
      << running.err();
  EXPECT_FALSE(project.has_table("a"));
  project.database.query("UPDATE knob SET value = 1");
  const Finished finished = running.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_TRUE(project.has_table("b"));
}

TEST_F(Gates, APausedRunCanBeAborted) {
  project.configure(gate(kFail, "before", "on_failure = \"pause\""));
  Process running(project.command({"up"}));
  ASSERT_TRUE(eventually([&] { return running.err().find("standing still: gate g") != std::string::npos; }));
  EXPECT_EQ(project.type({"run", "abort"}).exit_code, 0);
  EXPECT_EQ(running.wait().exit_code, 1);
  EXPECT_FALSE(project.has_table("a"));
}

TEST_F(Gates, PutUpWithAsManyFailuresAsTheyAreTold) {
  project.configure(gate(kFail, "before", "count = 3\nfailure_limit = 2"));
  EXPECT_EQ(project.type({"up"}).exit_code, 9);  // three of three fail
  project.configure(gate(kFail, "before", "count = 2\nfailure_limit = 2"));
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(project.details("gate-passed"), HasSubstr("2 measurements, 2 failed"));
}

TEST_F(Gates, WithoutDataDoWhatTheyAreTold) {
  for (const auto& [policy, code] : {std::pair("inconclusive", 9), {"fail", 9}, {"pass", 0}}) {
    project.configure(
        gate("SELECT value FROM knob", "before", fmt::format("no_data = \"{}\"\non_inconclusive = \"abort\"", policy)));
    const Finished finished = project.type({"up"});
    EXPECT_EQ(finished.exit_code, code) << policy << finished;
    if (code != 0) EXPECT_THAT(finished.err, HasSubstr("the query has no row")) << policy;
  }
}

TEST_F(Gates, ThatCannotBeMeasuredAreInconclusive) {
  project.configure(gate("SELECT nothing FROM nowhere", "before", "error_limit = 1\non_inconclusive = \"abort\""));
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_THAT(finished.err, HasSubstr("nothing could be measured: relation \"nowhere\" does not exist"));
  EXPECT_THAT(project.events(), HasSubstr("gate-inconclusive"));
}

TEST_F(Gates, CannotChangeAnything) {
  project.configure(gate("WITH x AS (INSERT INTO knob VALUES (1) RETURNING value) SELECT value FROM x", "before",
                         "error_limit = 0\non_inconclusive = \"abort\""));
  EXPECT_EQ(project.type({"up"}).exit_code, 9);
  EXPECT_EQ(project.ask("SELECT count(*) FROM knob"), "0\n");
}

TEST_F(Gates, CanBeLeftOutWithAReasonThatIsRecorded) {
  project.configure(gate(kFail, "before"));
  EXPECT_EQ(project.type({"up", "--skip-gate", "g"}).exit_code, 2);
  EXPECT_THAT(project.type({"up", "--skip-gate", "gg", "--reason", "x"}).err, HasSubstr("did you mean g?"));
  const Finished finished = project.type({"up", "--skip-gate", "g", "--reason", "the probe is down"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(project.details("gate-skipped"), "g: the probe is down\n");
}

TEST_F(Gates, StandOnlyBeforeRunsThatGoForward) {
  project.configure("");
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  project.configure(gate(kFail, "before"));
  EXPECT_EQ(project.type({"down"}).exit_code, 0);
  EXPECT_EQ(project.type({"up"}).exit_code, 9);
}

TEST_F(Gates, OfHttpJudgeStatusTimeAndJson) {
  const Receiver receiver(Receiver::Kind::http);
  const auto http = [&](const std::string& path, const std::string& more = "") {
    project.configure(
        fmt::format("[[gate]]\nname = \"web\"\nkind = \"http\"\nurl = \"{}\"\ninterval = \"20ms\"\n"
                    "error_limit = 0\non_inconclusive = \"abort\"\n{}\n",
                    receiver.url(path), more));
    return project.type({"gates", "run"});
  };
  EXPECT_EQ(http("/ok").exit_code, 0) << http("/ok");
  EXPECT_THAT(http("/status/503").out, HasSubstr("status 503"));
  EXPECT_EQ(http("/status/503").exit_code, 9);
  EXPECT_EQ(http("/ok", "success = \"ms < 60000 and status == 200\"").exit_code, 0);
  const std::string body = "/json/%7B%22lag%22:%5B7,%22fine%22%5D%7D";
  EXPECT_EQ(http(body, "json = \"lag.0\"\nsuccess = \"value == 7\"").exit_code, 0);
  EXPECT_EQ(http(body, "json = \"lag.1\"\nsuccess = \"value == 'fine'\"").exit_code, 0);
  EXPECT_THAT(http(body, "json = \"no.where\"\nsuccess = \"value == 7\"").out, HasSubstr("inconclusive"));
  EXPECT_THAT(http("/cut").out, HasSubstr("inconclusive"));
  EXPECT_THAT(http("/hang", "timeout = \"200ms\"").out, HasSubstr("inconclusive"));
}

TEST_F(Gates, OfPrometheusJudgeEachSeries) {
  const Receiver receiver(Receiver::Kind::http);
  const auto ask = [&](const std::string& values) {
    project.configure(
        fmt::format("[[gate]]\nname = \"p95\"\nkind = \"prometheus\"\nurl = \"{}\"\nquery = \"a{{b='c d'}}\"\n"
                    "success = \"value < 250\"\n",
                    receiver.url("/prometheus/" + values)));
    return project.type({"gates", "run", "p95"}).out;
  };
  EXPECT_THAT(ask("100,200"), HasSubstr("passed"));
  EXPECT_THAT(ask("100,300"), HasSubstr("failed  p95  instance=1: value 300"));
  EXPECT_THAT(ask(","), HasSubstr("the query has no series with a value"));
  EXPECT_THAT(ask("NaN"), HasSubstr("inconclusive"));
  for (const char* odd :
       {"%7B%7D", "%5B%5D", "no", "%7B%22status%22:%22success%22,%22data%22:%7B%22resultType%22:3%7D%7D"}) {
    project.configure(
        fmt::format("[[gate]]\nname = \"p95\"\nkind = \"prometheus\"\nurl = \"{}\"\nquery = \"a\"\n"
                    "success = \"value < 250\"\nerror_limit = 0\n",
                    receiver.url(std::string("/json/") + odd)));
    EXPECT_THAT(project.type({"gates", "run", "p95"}).out, HasSubstr("nothing could be measured")) << odd;
  }
  const auto received = receiver.received();
  ASSERT_FALSE(received.empty());
  EXPECT_EQ(received[0].at("path"), "/prometheus/100,200/api/v1/query?query=a%7Bb%3D%27c%20d%27%7D");
}

TEST_F(Gates, OfExecTakeTheExitCodeAndEndWhatTakesTooLong) {
  const auto exec = [&](const std::string& command, const std::string& more = "") {
    project.configure(
        fmt::format("[[gate]]\nname = \"e\"\nkind = \"exec\"\ncommand = \"{}\"\nerror_limit = 0\n{}\n", command, more));
    return project.type({"gates", "run"});
  };
  EXPECT_EQ(exec("true").exit_code, 0);
  EXPECT_THAT(exec("echo too slow; exit 3").out, HasSubstr("value 3 (too slow)"));
  EXPECT_EQ(exec("exit 3", "success = \"value == 3\"").exit_code, 0);
  EXPECT_THAT(exec("sleep 100 & wait", "timeout = \"100ms\"").out, HasSubstr("did not end within 100 ms"));
}

struct Wrong {
  const char* name;
  const char* toml;
  const char* place;
  const char* said;
};

class WrongGate : public Gates, public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongGate, IsToldWithItsPlace) {
  project.configure(std::string("[[gate]]\n") + GetParam().toml);
  const Finished finished = project.type({"gates", "list"});
  EXPECT_EQ(finished.exit_code, 2) << finished;
  EXPECT_THAT(finished.err, HasSubstr(std::string("martlet.toml:") + GetParam().place));
  EXPECT_THAT(finished.err, HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongGate,
    ::testing::Values(
        Wrong{"no_name", "kind = \"sql\"\n", "2", "a gate needs a `name`"},
        Wrong{"unknown_key", "nmae = \"x\"\n", "3", "did you mean name?"},
        Wrong{"unknown_kind", "name = \"x\"\nkind = \"sqll\"\n", "4", "must be one of sql, http"},
        Wrong{"unknown_builtin", "name = \"x\"\ncheck = \"blocked_session\"\n", "4", "did you mean blocked_sessions?"},
        Wrong{"unknown_moment", "name = \"lock_wait\"\nwhen = \"befor\"\n", "4", "when is \"befor\""},
        Wrong{"wrong_type", "name = \"lock_wait\"\ncount = \"many\"\n", "4", "count must be a whole number"},
        Wrong{"count", "name = \"lock_wait\"\ncount = 0\n", "4", "must be at least 1"},
        Wrong{"interval", "name = \"lock_wait\"\ninterval = \"soon\"\n", "4", "interval"},
        Wrong{"action", "name = \"lock_wait\"\non_failure = \"explode\"\n", "4", "pause, abort, rollback"},
        Wrong{"expression", "name = \"lock_wait\"\nsuccess = \"value <\"\n", "4", "cannot be read at character 8"},
        Wrong{"no_query", "name = \"x\"\nkind = \"sql\"\nsuccess = \"value < 1\"\n", "2", "needs `query`"},
        Wrong{"no_condition", "name = \"x\"\nkind = \"sql\"\nquery = \"SELECT 1\"\n", "2", "neither what is success"},
        Wrong{"foreign_key", "name = \"lock_wait\"\nquery = \"SELECT 1\"\n", "4", "takes no `query`"},
        Wrong{"missing_secret", "name = \"x\"\nkind = \"http\"\nurl = \"env:NO_SUCH\"\n", "5", "NO_SUCH is not set"},
        Wrong{"twice", "name = \"lock_wait\"\n[[gate]]\nname = \"lock_wait\"\n", "5", "two gates \"lock_wait\""}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(Gates, OfAnEnvironmentReplaceThoseOfTheSameName) {
  project.configure(
      "[[gate]]\nname = \"lock_wait\"\nsuccess = \"value < 1\"\n[environments.quiet]\n"
      "[[environments.quiet.gate]]\nname = \"lock_wait\"\nsuccess = \"value < 2\"\n");
  EXPECT_THAT(project.type({"gates"}).out, HasSubstr("value < 1"));
  const std::string quiet = project.type({"--env", "quiet", "gates"}).out;
  EXPECT_THAT(quiet, HasSubstr("value < 2"));
  EXPECT_THAT(quiet, Not(HasSubstr("value < 1")));
}

}  // namespace
}  // namespace martlet::testing
