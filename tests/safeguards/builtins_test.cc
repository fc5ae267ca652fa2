// What martlet itself knows how to measure, on real servers: once well and once not.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/safeguards/project.h"
#include "tests/support/pgbouncer.h"
#include "tests/support/receiver.h"
#include "tests/support/standby.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;

class Builtins : public ::testing::Test {
 protected:
  Builtins() {
    project.configure("");
    project.write("migrations/V001__a.sql", "CREATE TABLE a (id int);\n-- martlet:down\nDROP TABLE a;\n");
  }
  std::string ask(const std::string& gate) { return project.type({"gates", "run", gate}).out; }
  // A gate of this name, with a condition that only what is expected meets.
  std::string ask(const std::string& check, const std::string& more) {
    project.configure(fmt::format("[[gate]]\nname = \"g\"\ncheck = \"{}\"\ninterval = \"20ms\"\n{}\n", check, more));
    return ask("g");
  }
  Project project;
};

TEST_F(Builtins, ConnectivityFailsWhereNobodyAnswers) {
  EXPECT_THAT(ask("connectivity"), HasSubstr("passed"));
  const Finished gone =
      run(martlet_command({"gates", "run", "connectivity"},
                          {{"TEST_URL", project.database.url().with_database("nowhere").text()}}, project.folder()));
  EXPECT_EQ(gone.exit_code, 9);
  EXPECT_THAT(gone.out, HasSubstr("failed"));
  EXPECT_THAT(gone.out, HasSubstr("value unreachable"));
}

TEST_F(Builtins, VersionConsistencyAndIntegritySeeAnEditedFile) {
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  EXPECT_THAT(ask("version_consistency"), HasSubstr("value 0 (at V001)"));
  EXPECT_THAT(ask("integrity"), HasSubstr("passed"));
  project.write("migrations/V001__a.sql", "CREATE TABLE a (id bigint);\n");
  EXPECT_THAT(ask("version_consistency"), HasSubstr("failed"));
  EXPECT_THAT(ask("version_consistency"), HasSubstr("V001 edited"));
  EXPECT_THAT(ask("integrity"), HasSubstr("failed"));
}

TEST_F(Builtins, LocksThatSessionsWaitFor) {
  project.database.query("CREATE TABLE t (id int)");
  EXPECT_THAT(ask("lock_wait"), HasSubstr("nobody waits"));
  EXPECT_THAT(ask("blocked_sessions"), HasSubstr("value 0"));
  const auto holder = project.database.connect();
  holder->execute("BEGIN");
  holder->execute("LOCK TABLE t");
  std::vector<std::unique_ptr<Process>> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters.push_back(
        std::make_unique<Process>(Command{{"psql", project.database.text(), "-qc", "SELECT * FROM t"}, {}, {}, {}}));
  }
  ASSERT_TRUE(eventually([&] { return ask("blocked_sessions").find("value 3") != std::string::npos; }));
  EXPECT_THAT(ask("blocked_sessions"), HasSubstr("failed"));
  EXPECT_THAT(ask("lock_wait", "failure = \"value > 0\""), HasSubstr("failed"));
  holder->execute("ROLLBACK");
}

TEST_F(Builtins, ATransactionThatSomebodyForgot) {
  EXPECT_THAT(ask("idle_in_transaction"), HasSubstr("value 0 (none)"));
  const auto forgetful = project.database.connect({.application_name = "forgetful"});
  forgetful->execute("BEGIN");
  EXPECT_THAT(ask("idle_in_transaction", "failure = \"value >= 0\""), HasSubstr("forgetful"));
}

TEST_F(Builtins, ConnectionsMemoryAndProcessors) {
  EXPECT_THAT(ask("connections", "success = \"value > 0 and value < 100\""), HasSubstr("passed"));
  EXPECT_THAT(ask("host_memory", "success = \"value > 0 and value <= 100\""), HasSubstr("passed"));
  EXPECT_THAT(ask("host_cpu", "success = \"value >= 0 and value <= 100\""), HasSubstr("passed"));
}

TEST_F(Builtins, TheLogThatWaitsToBeArchived) {
  EXPECT_THAT(ask("wal_archive"), HasSubstr("archive_mode is off"));
  const LocalServer archiving({.settings = {{"archive_mode", "on"}, {"archive_command", "false"}}});
  open_connection(archiving.url())->execute("SELECT pg_switch_wal()");
  const auto asked = [&] {
    return run(martlet_command({"gates", "run", "wal_archive"}, {{"TEST_URL", archiving.url().text()}},
                               project.folder()))
        .out;
  };
  EXPECT_TRUE(eventually([&] { return asked().find("value 1") != std::string::npos; })) << asked();
}

TEST_F(Builtins, AReplicaThatFallsBehind) {
  EXPECT_THAT(ask("replica_lag"), HasSubstr("no replica is behind"));
  const LocalServer primary({.settings = {{"wal_level", "replica"}}});
  const Standby standby(primary, "replica");
  standby.pause();
  open_connection(primary.url())->execute("CREATE TABLE t (id int)");
  project.configure("[[gate]]\nname = \"replica_lag\"\nsuccess = \"value < 1\"\ninterval = \"100ms\"\ncount = 50\n");
  const Finished behind =
      run(martlet_command({"gates", "run", "replica_lag"}, {{"TEST_URL", primary.url().text()}}, project.folder()));
  EXPECT_EQ(behind.exit_code, 9) << behind;
  EXPECT_THAT(behind.out, HasSubstr("replica"));
  standby.resume();
}

TEST_F(Builtins, APoolThatIsFull) {
  PgBouncer::Options options;
  options.pool_size = 1;
  const PgBouncer pooler(cluster(), options);
  const std::string console = pooler.url(project.database.url()).with_database("pgbouncer").text();
  EXPECT_THAT(ask("pool_saturation", "url = \"" + console + "\""), HasSubstr("passed"));
  const auto first = open_connection(pooler.url(project.database.url()));
  first->execute("BEGIN");
  Process second({{"psql", pooler.url(project.database.url()).text(), "-qc", "SELECT 1"}, {}, {}, {}});
  EXPECT_TRUE(eventually([&] {
    return ask("pool_saturation", "url = \"" + console + "\"\nsuccess = \"cl_waiting == 0\"\nfailure = \"value > 0\"")
               .find("failed") != std::string::npos;
  }));
  first->execute("ROLLBACK");
}

TEST_F(Builtins, AutovacuumLooksForTheTable) {
  EXPECT_THAT(ask("autovacuum"), HasSubstr("passed"));
  EXPECT_THAT(ask("autovacuum", "table = \"nowhere\""), HasSubstr("there is no table nowhere"));
  project.database.query("CREATE TABLE t (id int)");
  EXPECT_THAT(ask("autovacuum", "table = \"t\""), HasSubstr("value 0"));
}

TEST_F(Builtins, TheRunThatIsAtWork) {
  EXPECT_THAT(ask("long_run"), HasSubstr("martlet has no tables"));
  project.write("migrations/V002__slow.sql", "SELECT pg_sleep(600);\n-- martlet:down\nSELECT 1;\n");
  Process running(project.command({"up"}));
  ASSERT_TRUE(eventually([&] { return project.database.value("SELECT to_regclass('a') IS NOT NULL") == "t"; }));
  EXPECT_THAT(ask("long_run", "success = \"value >= 0 and value < 300\""), HasSubstr("tester@"));
  running.signal(SIGINT);
  running.wait();
  EXPECT_THAT(ask("long_run"), HasSubstr("no run is at work"));
}

class Queries : public Builtins {
 protected:
  Queries() {
    project.database.query("CREATE TABLE t AS SELECT i AS id, i % 1000 AS other FROM generate_series(1, 50000) i");
    project.database.query("ANALYZE t");
  }
  static std::string query(const std::string& more) { return "query = \"SELECT * FROM t WHERE id = 7\"\n" + more; }
};

TEST_F(Queries, UseTheIndexThatWasMadeForThem) {
  EXPECT_THAT(ask("index_used", query("index = \"t_id\"")), HasSubstr("the plan uses no index, not t_id"));
  project.database.query("CREATE INDEX t_id ON t (id)");
  EXPECT_THAT(ask("index_used", query("index = \"t_id\"")), HasSubstr("passed"));
}

TEST_F(Queries, StillUseTheIndexesThatTheyUsed) {
  project.database.query("CREATE INDEX t_id ON t (id)");
  EXPECT_THAT(ask("index_used", query("")), HasSubstr("no baseline"));
  ASSERT_EQ(project.type({"gates", "record"}).exit_code, 0);
  EXPECT_THAT(ask("g"), HasSubstr("the plan uses t_id"));
  project.database.query("DROP INDEX t_id");
  EXPECT_THAT(ask("g"), HasSubstr("failed"));
  project.expect_audit_verifies();
}

// Costs are the planner's, and the same on every machine; times are only looked at to be there.
TEST_F(Queries, ThatBecameDearerAreFound) {
  project.database.query("CREATE INDEX t_id ON t (id)");
  const std::string gate = query("success = \"cost < 2 and ms >= 0\"");
  EXPECT_THAT(ask("query_regression", gate), HasSubstr("there is no baseline of this query"));
  ASSERT_EQ(project.type({"gates", "record", "g"}).exit_code, 0);
  EXPECT_THAT(ask("g"), HasSubstr("passed"));
  project.database.query("DROP INDEX t_id");
  EXPECT_THAT(ask("g"), HasSubstr("failed"));
  EXPECT_THAT(ask("query_regression", "query = \"SELECT 1\""), HasSubstr("no baseline"));  // of another query
}

TEST_F(Queries, AreComparedWithHowTheyWereBeforeTheRunWhereNothingIsRecorded) {
  project.database.query("CREATE INDEX t_id ON t (id)");
  project.write("migrations/V001__a.sql", "DROP INDEX t_id;\n-- martlet:down\nCREATE INDEX t_id ON t (id);\n");
  ask("query_regression", query("success = \"cost < 2\"\nwhen = \"after\"\non_failure = \"rollback\""));
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_THAT(finished.err, HasSubstr("ms before the run"));
  EXPECT_EQ(project.ask("SELECT count(*) FROM pg_class WHERE relname = 't_id'"), "1\n");
}

TEST_F(Queries, CannotChangeAnything) {
  EXPECT_THAT(ask("query_regression", "query = \"DELETE FROM t\"\nerror_limit = 0"), HasSubstr("no baseline"));
  EXPECT_NE(project.type({"gates", "record"}).exit_code, 0);
  EXPECT_EQ(project.ask("SELECT count(*) FROM t"), "50000\n");
}

TEST_F(Builtins, AnApplicationThatNeedsAWhile) {
  const Receiver receiver(Receiver::Kind::http);
  EXPECT_THAT(ask("application_start", "timeout = \"20s\"\nurl = \"" + receiver.url("/times/2/503") + "\""),
              HasSubstr("passed"));
  EXPECT_EQ(receiver.received().size(), 3U);
  EXPECT_THAT(ask("application_start", "timeout = \"600ms\"\nurl = \"" + receiver.url("/status/500") + "\""),
              HasSubstr("not within 600 ms: status 500"));
  EXPECT_THAT(ask("application_start", "timeout = \"600ms\"\ncommand = \"exit 4\""), HasSubstr("exit code 4"));
  EXPECT_THAT(ask("application_start", "error_limit = 0"), HasSubstr("needs either `url` or `command`"));
}

TEST_F(Builtins, MakeUpHealth) {
  const Finished well = project.type({"health", "--json"});
  EXPECT_EQ(well.exit_code, 0) << well;
  EXPECT_EQ(nlohmann::json::parse(well.out).at("healthy"), true);
  project.configure("[[gate]]\nname = \"mine\"\nkind = \"sql\"\nquery = \"SELECT 2\"\nsuccess = \"value == 1\"\n");
  const Finished bad = project.type({"health"});
  EXPECT_EQ(bad.exit_code, 9);
  EXPECT_THAT(bad.out, HasSubstr("bad      mine"));
  EXPECT_THAT(bad.out, HasSubstr("not healthy"));
  const Finished gone = run(martlet_command(
      {"health"}, {{"TEST_URL", project.database.url().with_database("nowhere").text()}}, project.folder()));
  EXPECT_EQ(gone.exit_code, 8);
}

TEST_F(Builtins, AreWatchedUntilCtrlC) {
  Process watching(project.command({"health", "--watch=50ms", "--json"}));
  const auto lines = [&] {
    const std::string out = watching.out();
    return std::count(out.begin(), out.end(), '\n');
  };
  ASSERT_TRUE(eventually([&] { return lines() >= 2; })) << watching.err();
  watching.signal(SIGINT);
  const Finished finished = watching.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(nlohmann::json::parse(finished.out.substr(0, finished.out.find('\n'))).at("healthy"), true);
}

}  // namespace
}  // namespace martlet::testing
