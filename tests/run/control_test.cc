// A run is seen and steered from another terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/run/fault.h"
#include "tests/support/pgbouncer.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Runs for as long as nobody writes a row 'go' into the table `gate`.
constexpr std::string_view kWaitsForGo =
    "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;\n";

class Control : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\nCREATE TABLE gate (what text);\n");
    ASSERT_EQ(project_.run(database_.url(), {"up"}).exit_code, 0);
    project_.write("V002__slow.sql", std::string(kWaitsForGo) + "INSERT INTO log VALUES ('2');\n");
    project_.write("V003__last.sql", "INSERT INTO log VALUES ('3');\n");
  }

  Finished steer(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "run");
    return project_.run(database_.url(), arguments);
  }
  nlohmann::json status() const { return nlohmann::json::parse(steer({"status", "--json"}).out).at("run"); }
  bool eventually_is(std::string_view state) const {
    return eventually([&] { return !status().is_null() && status().at("state") == state; });
  }
  // A run that has told where it is: it listens from now on.
  Process started(const Url& url) const {
    Process run = project_.start(url, {"up"});
    EXPECT_TRUE(eventually([&] {
      return database_.value("SELECT count(*) FROM martlet.control WHERE migration = 'V002'") == "1";
    })) << run.err();
    return run;
  }
  void go() const { database_.query("INSERT INTO gate VALUES ('go')"); }
  std::string log() const { return database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"); }

  Project project_;
  TestDatabase database_ = fresh_database();
};

TEST_F(Control, StatusTellsWhereTheRunIs) {
  Process run = started(database_.url());
  const nlohmann::json now = status();
  EXPECT_EQ(now.at("state"), "running");
  EXPECT_EQ(now.at("migration"), "V002");
  EXPECT_EQ(now.at("steps"), 2);
  EXPECT_THAT(steer({"status"}).out, AllOf(HasSubstr("V002"), HasSubstr("state      running")));
  go();
  EXPECT_EQ(run.wait().exit_code, 0);
  EXPECT_THAT(steer({"status"}).out, HasSubstr("no run is at work"));
  EXPECT_TRUE(status().is_null());
  EXPECT_EQ(database_.value("SELECT state FROM martlet.control"), "ended");
}

TEST_F(Control, StatusTellsWhichLockItWaitsFor) {
  const auto holder = database_.connect({.application_name = "nightly report"});
  holder->execute("BEGIN");
  holder->execute("LOCK TABLE log");
  go();
  Process run = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually_is("waiting")) << run.err();
  EXPECT_THAT(std::string(status().at("reason")), HasSubstr("nightly report"));
  holder->execute("COMMIT");
  EXPECT_EQ(run.wait().exit_code, 0);
}

TEST_F(Control, PauseTakesEffectAtTheNextSafePointAndResumeEndsIt) {
  Process run = started(database_.url());
  const Finished paused = steer({"pause", "--actor", "ana"});
  EXPECT_EQ(paused.exit_code, 0) << paused;
  go();
  ASSERT_TRUE(eventually_is("paused")) << run.err();
  EXPECT_EQ(log(), "2") << "V002 is done, V003 not begun";
  EXPECT_EQ(database_.value("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'martlet/%' AND "
                            "state <> 'idle'"),
            "0")
      << "a paused run holds a transaction";
  EXPECT_THAT(run.err(), HasSubstr("paused by ana@"));
  EXPECT_EQ(steer({"resume"}).exit_code, 0);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(log(), "2 3");
}

TEST_F(Control, AbortEndsItAtTheNextSafePointAndUpGoesOn) {
  Process run = started(database_.url());
  EXPECT_EQ(steer({"abort", "--actor", "ana"}).exit_code, 0);
  go();
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("ended by ana@"), HasSubstr("1 of 2 migrations remain, from V003 on"),
                                  HasSubstr("V002")));
  EXPECT_EQ(log(), "2");
  const Finished again = project_.run(database_.url(), {"up"});
  EXPECT_EQ(again.exit_code, 0) << "the wish was for the run that is over" << again;
  EXPECT_EQ(log(), "2 3");
}

TEST_F(Control, APausedRunCanBeAborted) {
  Process run = started(database_.url());
  steer({"pause"});
  go();
  ASSERT_TRUE(eventually_is("paused")) << run.err();
  EXPECT_EQ(steer({"abort"}).exit_code, 0);
  EXPECT_EQ(run.wait().exit_code, 1);
  EXPECT_EQ(log(), "2");
}

TEST_F(Control, AbortNowCancelsTheStatement) {
  Process run = started(database_.url());
  EXPECT_EQ(steer({"abort", "--now"}).exit_code, 0);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_EQ(log(), "");
  EXPECT_EQ(database_.value("SELECT count(*) FROM martlet.schema_migrations"), "1");
}

TEST_F(Control, StatementsOfAFileWithoutATransactionAreSafePointsToo) {
  project_.write("V002__slow.sql",
                 "-- martlet:no-transaction\n" + std::string(kWaitsForGo) + "INSERT INTO log VALUES ('2');\n");
  Process run = started(database_.url());
  EXPECT_EQ(steer({"abort"}).exit_code, 0);
  go();
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 6) << finished;
  EXPECT_THAT(finished.err, HasSubstr("statements 2 to 2 of V002 remain"));
  EXPECT_EQ(log(), "");
  EXPECT_EQ(project_.run(database_.url(), {"up"}).exit_code, 0);
  EXPECT_EQ(log(), "2 3");
}

TEST_F(Control, ThrottleSetsLimitsOfTheRunAtWork) {
  project_.write("V002__slow.sql",
                 "-- martlet:no-transaction\n" + std::string(kWaitsForGo) + "INSERT INTO log VALUES ('2');\n");
  Process run = started(database_.url());
  EXPECT_EQ(steer({"throttle", "replica_leg=5s"}).exit_code, 2);
  EXPECT_EQ(steer({"throttle", "commit_latency=0ms"}).exit_code, 0);
  go();
  ASSERT_TRUE(eventually_is("throttled")) << run.err();
  EXPECT_THAT(std::string(status().at("reason")), HasSubstr("commit_latency is"));
  EXPECT_THAT(run.err(), HasSubstr("commit_latency is"));
  EXPECT_EQ(steer({"throttle", "commit_latency=off"}).exit_code, 0);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(log(), "2 3");
}

TEST_F(Control, WorksThroughAPooler) {
  PgBouncer pooler{cluster(), {.pool_size = 6}};
  Process run = started(pooler.url(database_.url()));
  EXPECT_EQ(status().at("migration"), "V002");
  steer({"pause"});
  go();
  ASSERT_TRUE(eventually_is("paused")) << run.err();
  steer({"resume"});
  EXPECT_EQ(run.wait().exit_code, 0);
}

TEST_F(Control, WhereNobodyRunsThereIsNothingToSteer) {
  const Finished pause = steer({"pause"});
  EXPECT_EQ(pause.exit_code, 9) << pause;
  EXPECT_THAT(pause.err, HasSubstr("no run is at work"));
  EXPECT_EQ(steer({"stop"}).exit_code, 2);
  const Finished never = project_.run(fresh_database().url(), {"run", "status"});
  EXPECT_EQ(never.exit_code, 0) << never;
}

}  // namespace
}  // namespace martlet::testing
