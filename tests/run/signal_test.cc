// Ctrl-C and SIGTERM, servers and connections that go away, and migrations that spoil their session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "scratch/local_server.h"
#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kLog = "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('1');\n";

/// Statements of a run that the server is working on, by a part of their text.
std::string running(std::string_view part) {
  return fmt::format(
      "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name LIKE 'martlet/%' "
      "AND query LIKE '%{}%'",
      part);
}

/// A signal was sent to a process that has not taken it yet.
bool is_pending(int pid, int number) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string name, value; status >> name && std::getline(status, value);) {
    if (name == "ShdPnd:") return ((std::stoull(value, nullptr, 16) >> (number - 1)) & 1) != 0;
  }
  return false;
}

class Signals : public ::testing::TestWithParam<std::tuple<Dialect, int>> {
 protected:
  Dialect dialect() const { return std::get<0>(GetParam()); }
  int signal_number() const { return std::get<1>(GetParam()); }

  // A statement that says when it has begun, and does not end by itself.
  std::string endless() const {
    if (dialect() == Dialect::postgres) return "SELECT pg_sleep(600);\n";
    return "INSERT INTO log WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;\n";
  }
  // Of SQLite nothing is seen from outside but its files; only the endless statement writes more than its cache holds.
  bool at_work(const FaultDatabase& database) const {
    if (dialect() == Dialect::postgres) return database.value(running("pg_sleep")) == "1";
    constexpr std::uintmax_t kMoreThanTheCache = 3'000'000;
    return std::filesystem::file_size(database.file()) > kMoreThanTheCache;
  }

  Project project_;
};

TEST_P(Signals, CancelTheStatementRollBackAndAreRecorded) {
  project_.write("V001__log.sql", kLog);
  const FaultDatabase database(dialect());
  ASSERT_EQ(project_.run(database.url(), {"up"}).exit_code, 0);
  project_.write("V002__long.sql", "INSERT INTO log VALUES ('2');\n" + endless());

  Process run = project_.start(database.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return at_work(database); })) << run.err();
  run.signal(signal_number());
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("cancelled"), HasSubstr("V001"), HasSubstr("V002__long.sql:2")));
  EXPECT_THAT(project_.run(database.url(), {"history", "--json"}).out,
              AllOf(HasSubstr("\"failed\""), HasSubstr("\"002\""), HasSubstr("V002__long.sql:2")));
  EXPECT_EQ(database.value("SELECT count(*) FROM log"), "1");

  project_.write("V002__long.sql", "INSERT INTO log VALUES ('2');\n");
  const Finished again = project_.run(database.url(), {"up"});
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(database.value("SELECT count(*) FROM log WHERE what = '2'"), "1");
  EXPECT_EQ(project_.run(database.url(), {"verify"}).exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(BothKinds, Signals,
                         ::testing::Combine(::testing::Values(Dialect::postgres, Dialect::sqlite),
                                            ::testing::Values(SIGINT, SIGTERM)),
                         [](const auto& parameter) {
                           return std::string(std::get<0>(parameter.param) == Dialect::postgres ? "Postgres"
                                                                                                : "Sqlite") +
                                  (std::get<1>(parameter.param) == SIGINT ? "Int" : "Term");
                         });

class PostgresFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", kLog);
    const Finished finished = up();
    ASSERT_EQ(finished.exit_code, 0) << finished;
  }

  Finished up(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), "up");
    return project_.run(database_.url(), arguments);
  }
  Process start() const { return project_.start(database_.url(), {"up"}); }
  std::string log() const { return database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"); }
  std::string ledger() const {
    return database_.value(
        "SELECT string_agg(id || ' ' || state, ', ' ORDER BY installed_order) FROM martlet.schema_migrations");
  }
  bool eventually_runs(std::string_view part) const {
    return eventually([&] { return database_.value(running(part)) == "1"; });
  }

  Project project_;
  TestDatabase database_ = fresh_database();
};

TEST_F(PostgresFaults, ASignalDuringAConcurrentBuildIsFinishedByResume) {
  project_.write("V002__index.sql",
                 "INSERT INTO log VALUES ('2');\n"
                 "CREATE INDEX CONCURRENTLY log_what ON log (what);\nINSERT INTO log VALUES ('3');\n");
  const auto old = database_.connect();
  old->execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
  old->execute("SELECT count(*) FROM log");  // the build waits for this transaction to end
  Process run = start();
  ASSERT_TRUE(eventually([&] { return database_.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == "1"; }))
      << run.err();
  run.signal(SIGINT);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 6) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("V002__index.sql:2"), HasSubstr("martlet resume")));
  EXPECT_EQ(database_.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "1");

  old->execute("COMMIT");
  const Finished resumed = project_.run(database_.url(), {"resume"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed;
  EXPECT_THAT(resumed.err, HasSubstr("dropped the invalid index"));
  EXPECT_EQ(database_.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'log_what'::regclass"), "t");
  EXPECT_EQ(log(), "1 2 3");
  EXPECT_EQ(ledger(), "001 applied, 002 applied");
}

// The server process of the first run cannot be told to stop, as it no longer answers: only leaving at once helps.
TEST_F(PostgresFaults, TheSecondSignalEndsTheProgramAtOnce) {
  project_.write("V002__long.sql", "INSERT INTO log VALUES ('2');\nSELECT pg_sleep(600);\n");
  Process run = start();
  ASSERT_TRUE(eventually_runs("pg_sleep"));
  const int backend =
      std::stoi(database_.value("SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' "
                                "AND application_name LIKE 'martlet/%'"));
  kill(backend, SIGSTOP);
  run.signal(SIGINT);
  // The cancel request has arrived at the stopped process: the program now waits for its answer.
  EXPECT_TRUE(eventually([&] { return is_pending(backend, SIGINT); }));
  EXPECT_TRUE(run.running());
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // as a person would, at the fastest
  run.signal(SIGINT);
  const Finished finished = run.wait(std::chrono::seconds(10));
  EXPECT_EQ(finished.exit_code, 1) << finished;
  kill(backend, SIGCONT);

  project_.write("V002__long.sql", "INSERT INTO log VALUES ('2');\n");
  const Finished again = up();
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(log(), "1 2");
}

// As `timeout -s INT` does: to the program, and to its group.
TEST_F(PostgresFaults, ASignalThatComesTwiceAtOnceIsOne) {
  project_.write("V002__long.sql", "INSERT INTO log VALUES ('2');\nSELECT pg_sleep(600);\n");
  Process run = start();
  ASSERT_TRUE(eventually_runs("pg_sleep"));
  run.signal(SIGINT);
  run.signal(SIGINT);
  const Finished finished = run.wait(std::chrono::seconds(10));
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, HasSubstr("nothing of V002 remains"));
}

TEST_F(PostgresFaults, ASignalEndsTheWaitForALock) {
  project_.write("V002__more.sql", "ALTER TABLE log ADD COLUMN note text;\n");
  const auto holder = database_.connect();
  holder->execute("BEGIN");
  holder->execute("LOCK TABLE log");
  Process run = start();
  ASSERT_TRUE(eventually([&] { return run.err().find("waiting for a lock held by") != std::string::npos; }))
      << run.err();
  run.signal(SIGINT);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, HasSubstr("cancelled"));
  holder->execute("COMMIT");
  EXPECT_EQ(up().exit_code, 0);
}

TEST_F(PostgresFaults, ASignalEndsTheWaitForTheLease) {
  project_.write("V002__long.sql", "SELECT pg_sleep(600);\n");
  Process first = start();
  ASSERT_TRUE(eventually_runs("pg_sleep"));
  Process second = project_.start(database_.url(), {"up", "--wait-lease", "600s"});
  ASSERT_TRUE(eventually([&] { return second.err().find("another run is at work") != std::string::npos; }));
  second.signal(SIGTERM);
  const Finished finished = second.wait();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("cancelled"), HasSubstr("no migration was run")));
  EXPECT_TRUE(first.running());
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait().exit_code, 1);
}

TEST_F(PostgresFaults, AConnectionEndedFromOutsideLeavesNothing) {
  project_.write("V002__long.sql", "INSERT INTO log VALUES ('2');\nSELECT pg_sleep(600);\n");
  Process run = start();
  ASSERT_TRUE(eventually_runs("pg_sleep"));
  database_.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' "
      "AND application_name LIKE 'martlet/%'");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("57P01"), HasSubstr("terminating connection"), HasSubstr("V001")));
  EXPECT_EQ(log(), "1");
  EXPECT_THAT(project_.run(database_.url(), {"history"}).out, HasSubstr("failed"));

  project_.write("V002__long.sql", "INSERT INTO log VALUES ('2');\n");
  const Finished again = up();
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(log(), "1 2");
}

TEST_F(PostgresFaults, AMigrationThatEndsItsOwnConnectionLeavesNothing) {
  project_.write("V002__self.sql", "INSERT INTO log VALUES ('2');\nSELECT pg_terminate_backend(pg_backend_pid());\n");
  const Finished finished = up();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("57P01"), HasSubstr("V001")));
  EXPECT_EQ(log(), "1");
  EXPECT_EQ(ledger(), "001 applied");
}

TEST_F(PostgresFaults, AConnectionEndedDuringAConcurrentBuildIsResumed) {
  project_.write("V002__index.sql",
                 "CREATE INDEX CONCURRENTLY log_what ON log (what);\nINSERT INTO log VALUES ('2');\n");
  const auto old = database_.connect();
  old->execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
  old->execute("SELECT count(*) FROM log");
  Process run = start();
  ASSERT_TRUE(eventually([&] { return database_.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == "1"; }))
      << run.err();
  database_.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' "
      "AND application_name LIKE 'martlet/%'");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 6) << finished;
  EXPECT_THAT(finished.err, HasSubstr("martlet resume"));
  old->execute("COMMIT");
  const Finished again = up();
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(database_.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'log_what'::regclass"), "t");
  EXPECT_EQ(log(), "1 2");
}

class ServerRestart : public ::testing::TestWithParam<LocalServer::Stop> {};

TEST_P(ServerRestart, InTheMiddleOfAMigrationLeavesNothingHalfDone) {
  LocalServer server({.durable = true});
  const TestDatabase database(server);
  Project project;
  project.write("V001__log.sql", kLog);
  ASSERT_EQ(project.run(database.url(), {"up"}).exit_code, 0);
  project.write("V002__long.sql", "INSERT INTO log VALUES ('2');\nSELECT pg_sleep(600);\n");
  Process run = project.start(database.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return database.value(running("pg_sleep")) == "1"; }));
  server.stop(GetParam());
  server.start();
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(AnyOf(HasSubstr("connection"), HasSubstr("server")), HasSubstr("V001")));
  EXPECT_EQ(database.value("SELECT string_agg(what, ' ') FROM log"), "1");

  project.write("V002__long.sql", "INSERT INTO log VALUES ('2');\n");
  const Finished again = project.run(database.url(), {"up"});
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(database.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"), "1 2");
  EXPECT_EQ(project.run(database.url(), {"verify"}).exit_code, 0);
}

TEST_P(ServerRestart, InTheMiddleOfAStatementByStatementFileIsResumed) {
  LocalServer server({.durable = true});
  const TestDatabase database(server);
  Project project;
  const std::string steps = "-- martlet:no-transaction\nINSERT INTO log VALUES ('2');\n";
  project.write("V001__log.sql", kLog);
  project.write("V002__steps.sql", steps + "SELECT pg_sleep(600);\nINSERT INTO log VALUES ('3');\n");
  Process run = project.start(database.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return database.value(running("pg_sleep")) == "1"; }));
  server.stop(GetParam());
  server.start();
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 6) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("V002__steps.sql:3"), HasSubstr("martlet resume")));

  project.write("V002__steps.sql", steps + "SELECT 1;\nINSERT INTO log VALUES ('3');\n");
  const Finished again = project.run(database.url(), {"up"});
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(database.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"), "1 2 3");
  EXPECT_EQ(project.run(database.url(), {"verify"}).exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(BothWays, ServerRestart,
                         ::testing::Values(LocalServer::Stop::fast, LocalServer::Stop::immediate),
                         [](const auto& parameter) {
                           return parameter.param == LocalServer::Stop::fast ? "Fast" : "Immediate";
                         });

struct Spoiler {
  std::string name;
  std::string sql;
};
void PrintTo(const Spoiler& spoiler, std::ostream* stream) {
  *stream << spoiler.name;
}

class SpoiledSession : public ::testing::TestWithParam<Spoiler> {};

// What the next migration finds is compared with what a migration in an untouched session finds.
constexpr std::string_view kSettings =
    "INSERT INTO public.log SELECT concat_ws(' | ', current_user, session_user, current_setting('search_path'),\n"
    "current_setting('lock_timeout'), current_setting('statement_timeout'), "
    "current_setting('default_transaction_read_only'),\n"
    "current_setting('standard_conforming_strings'), current_setting('application_name') LIKE 'martlet/%',\n"
    "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()));\n";

TEST_P(SpoiledSession, DoesNotReachTheLedgerOrTheNextMigration) {
  const TestDatabase database = fresh_database();
  const TestRole role(database);
  std::string sql = GetParam().sql;
  for (auto at = sql.find("ROLE_NAME"); at != std::string::npos; at = sql.find("ROLE_NAME")) {
    sql.replace(at, 9, '"' + role.name() + '"');
  }
  Project project;
  project.write("V001__log.sql", "CREATE TABLE log (what text);\n");
  project.write("V002__before.sql", std::string(kSettings));
  project.write("V003__spoil.sql", sql);
  project.write("V004__after.sql", std::string(kSettings));
  project.write("V005__after.sql", "-- martlet:no-transaction\n" + std::string(kSettings));
  const Finished finished = project.run(database.url(), {"up"});
  ASSERT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(database.value("SELECT count(*) FROM martlet.schema_migrations WHERE state = 'applied'"), "5");
  EXPECT_EQ(database.value("SELECT count(*) FROM log"), "3");
  EXPECT_EQ(database.value("SELECT count(DISTINCT what) FROM log"), "1")
      << database.value("SELECT string_agg(what, E'\\n') FROM log");
  EXPECT_EQ(project.run(database.url(), {"verify"}).exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(
    ByAMigration, SpoiledSession,
    ::testing::Values(
        Spoiler{"SearchPath", "SET search_path TO pg_temp;\n"},
        Spoiler{"NoSearchPath", "SELECT set_config('search_path', '', false);\n"},
        Spoiler{"OwnOperators",
                "CREATE SCHEMA odd;\nCREATE FUNCTION odd.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT "
                "NULL::timestamptz';\n"
                "SET search_path TO odd, pg_catalog;\n"},
        Spoiler{"Role", "SET ROLE ROLE_NAME;\n"},
        Spoiler{"RoleByFunction", "SELECT set_config('role', btrim('ROLE_NAME', '\"'), false);\n"},
        Spoiler{"LocalRole", "SET LOCAL ROLE ROLE_NAME;\n"},
        Spoiler{"Authorization", "SET SESSION AUTHORIZATION ROLE_NAME;\n"},
        Spoiler{"Timeouts",
                "SET lock_timeout = '7s';\nSET statement_timeout = '7s';\nSET idle_in_transaction_session_timeout = "
                "'7s';\n"},
        Spoiler{"ReadOnly", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;\n"},
        Spoiler{"Strings", "SET standard_conforming_strings = off;\n"},
        Spoiler{"ApplicationName", "SET application_name = 'mine';\n"},
        Spoiler{"AdvisoryLocks", "SELECT pg_advisory_unlock_all();\n"},
        Spoiler{"DiscardAll", "-- martlet:no-transaction\nDISCARD ALL;\n"},
        Spoiler{"SearchPathStepwise",
                "-- martlet:no-transaction\nSET search_path TO pg_temp;\nSELECT set_config('search_path', '', false);\n"
                "VACUUM public.log;\n"},
        Spoiler{"AdvisoryLocksStepwise", "-- martlet:no-transaction\nSELECT pg_advisory_unlock_all();\nVACUUM log;\n"}),
    [](const auto& parameter) { return parameter.param.name; });

}  // namespace
}  // namespace martlet::testing
