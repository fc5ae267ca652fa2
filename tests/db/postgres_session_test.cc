// What only PostgreSQL sessions do: COPY, notices, lost connections, session settings.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/cancel.h"
#include "sql/statement.h"
#include "tests/support/cluster.h"
#include "tests/support/errors.h"
#include "tests/support/process.h"

namespace martlet {
namespace {

using testing::error_of;
using testing::eventually;

class PostgresSession : public ::testing::Test {
 protected:
  void TearDown() override { cancel::reset(); }
  std::string value(std::string_view sql) { return connection_->execute(sql).rows.at(0).at(0).value_or("NULL"); }
  void terminate(int pid) { database_.query("SELECT pg_terminate_backend(" + std::to_string(pid) + ")"); }
  bool waits_for_a_lock(int pid) {
    return database_.value("SELECT wait_event_type FROM pg_stat_activity WHERE pid = " + std::to_string(pid)) == "Lock";
  }

  testing::TestDatabase database_ = testing::fresh_database();
  std::unique_ptr<Connection> connection_ = database_.connect();
};

TEST_F(PostgresSession, CopiesInAndOut) {
  connection_->execute("CREATE TABLE t (a integer, b text)");
  std::string data;
  for (int i = 0; i < 200'000; ++i) data += std::to_string(i) + "\tsome text\n";
  EXPECT_EQ(connection_->copy_in("COPY t FROM stdin", data), 200'000);
  std::string back;
  EXPECT_EQ(connection_->copy_out("COPY (SELECT * FROM t ORDER BY a) TO stdout",
                                  [&](std::string_view chunk) { back += chunk; }),
            200'000);
  EXPECT_EQ(back, data);
}

TEST_F(PostgresSession, ACopyThatFailsNamesTheLineAndKeepsTheSession) {
  connection_->execute("CREATE TABLE t (a integer)");
  const Error error = error_of([&] { connection_->copy_in("COPY t FROM stdin", "1\nx\n3\n"); });
  EXPECT_EQ(error.sqlstate, "22P02");
  EXPECT_NE(error.detail.find("line 2"), std::string::npos) << error.detail;
  EXPECT_EQ(value("SELECT count(*) FROM t"), "0");
  EXPECT_EQ(error_of([&] { connection_->copy_in("COPY nowhere FROM stdin", "1\n"); }).sqlstate, "42P01");
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(PostgresSession, CopyWhereNoneIsExpectedIsAnError) {
  connection_->execute("CREATE TABLE t (a integer)");
  EXPECT_THROW(connection_->execute("COPY t FROM stdin"), Error);
  EXPECT_THROW(connection_->execute("COPY t TO stdout"), Error);
  EXPECT_THROW(connection_->copy_in("SELECT 1", ""), Error);
  EXPECT_THROW(connection_->copy_out("SELECT 1", [](std::string_view) {}), Error);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(PostgresSession, CopyIsRefusedInAPipelineBeforeAnythingIsSent) {
  const std::vector<Request> requests{{"BEGIN", {}}, {"CREATE TABLE t (a integer)", {}}, {"COPY t FROM STDIN", {}}};
  EXPECT_EQ(error_of<StatementFailed>([&] { connection_->pipeline(requests, nullptr); }).index, 2U);
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(PostgresSession, ASinkThatThrowsLeavesAUsableSession) {
  EXPECT_THROW(connection_->copy_out("COPY (SELECT generate_series(1, 1000000)) TO stdout",
                                     [](std::string_view) { throw std::runtime_error("full"); }),
               std::runtime_error);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(PostgresSession, NoticesArriveInOrderWithSeverity) {
  std::vector<Notice> notices;
  connection_->on_notice([&](const Notice& notice) { notices.push_back(notice); });
  connection_->execute("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; RAISE INFO 'three'; END $$");
  ASSERT_EQ(notices.size(), 3U);
  EXPECT_EQ(notices[0].severity + notices[0].message, "NOTICEone");
  EXPECT_EQ(notices[1].severity + notices[1].message, "WARNINGtwo");
  EXPECT_EQ(notices[2].severity + notices[2].message, "INFOthree");
}

TEST_F(PostgresSession, NoticesOfAPipelineComeBeforeTheirCompletion) {
  std::vector<std::string> events;
  connection_->on_notice([&](const Notice& notice) { events.push_back(notice.message); });
  const std::vector<Request> requests{{"BEGIN", {}}, {"DO $$ BEGIN RAISE NOTICE 'said'; END $$", {}}, {"COMMIT", {}}};
  connection_->pipeline(requests, [&](Completion&& done) { events.push_back(std::to_string(done.index)); });
  EXPECT_EQ(events, (std::vector<std::string>{"0", "said", "1", "2"}));
}

TEST_F(PostgresSession, ErrorsCarryDetailHintAndContext) {
  connection_->execute("CREATE TABLE t (a integer UNIQUE)");
  connection_->execute("INSERT INTO t VALUES (1)");
  const Error duplicate = error_of([&] { connection_->execute("INSERT INTO t VALUES (1)"); });
  EXPECT_NE(duplicate.detail.find("(a)=(1)"), std::string::npos) << duplicate.detail;
  EXPECT_FALSE(error_of([&] { connection_->execute("SELECT lenght('x')"); }).hint.empty());
  const Error inside = error_of([&] { connection_->execute("DO $$ BEGIN PERFORM 1 / 0; END $$"); });
  EXPECT_NE(inside.detail.find("PL/pgSQL"), std::string::npos) << inside.detail;
}

TEST_F(PostgresSession, ACommitThatRollsBackIsAnError) {
  connection_->execute("BEGIN");
  EXPECT_THROW(connection_->execute("SELECT 1 / 0"), Error);
  EXPECT_THROW(connection_->execute("COMMIT"), Error);
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(PostgresSession, AStatementTimeoutIsNoCancel) {
  connection_->execute("SET statement_timeout = '20ms'");
  const Error error = error_of([&] { connection_->execute("SELECT pg_sleep(600)"); });
  EXPECT_EQ(error.kind, ErrorKind::migration_failed);
  EXPECT_EQ(error.sqlstate, "57014");
}

TEST_F(PostgresSession, ACancelStopsACopy) {
  connection_->execute("CREATE TABLE t (a integer)");
  connection_->on_notice([&](const Notice&) { cancel::request(); });
  connection_->execute(
      "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN RAISE NOTICE 'copying'; RETURN NEW; END $$");
  connection_->execute("CREATE TRIGGER tell BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.a = 1) EXECUTE FUNCTION tell()");
  std::string data;
  for (int i = 0; i < 2'000'000; ++i) data += "1\n";
  EXPECT_EQ(error_of([&] { connection_->copy_in("COPY t FROM stdin", data); }).kind, ErrorKind::cancelled);
  cancel::reset();
  EXPECT_EQ(value("SELECT count(*) FROM t"), "0");
}

TEST_F(PostgresSession, AStatementThatKillsItsOwnBackendIsALostConnection) {
  const auto error =
      error_of<ConnectionLost>([&] { connection_->execute("SELECT pg_terminate_backend(pg_backend_pid())"); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_EQ(error.sqlstate, "57P01");
  EXPECT_NE(error.message.find("administrator"), std::string::npos) << error.message;
  EXPECT_THROW(connection_->execute("SELECT 1"), ConnectionLost);
  EXPECT_THROW(connection_->pipeline(std::vector<Request>{{"BEGIN", {}}}, nullptr), ConnectionLost);
  connection_->rollback();
}

TEST_F(PostgresSession, AnErrorOfClass08IsNoLostConnection) {
  const Error error = error_of([&] {
    connection_->execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '08006', MESSAGE = 'elsewhere'; END $$");
  });
  EXPECT_EQ(error.kind, ErrorKind::migration_failed);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_F(PostgresSession, AConnectionLostBeforeCommitIsInDoubtWhenCommitWasPartOfIt) {
  const std::vector<Request> requests{
      {"BEGIN", {}}, {"SELECT pg_terminate_backend(pg_backend_pid())", {}}, {"COMMIT", {}}};
  EXPECT_THROW(connection_->pipeline(requests, nullptr), CommitInDoubt);
  connection_ = database_.connect();
  EXPECT_THROW(connection_->pipeline(std::span(requests).first(2), nullptr), ConnectionLost);
  connection_ = database_.connect();
  try {
    connection_->pipeline(std::span(requests).first(2), nullptr);
  } catch (const CommitInDoubt&) {
    FAIL() << "without a COMMIT nothing is in doubt";
  } catch (const ConnectionLost&) {
  }
}

// The server committed, and was told to end the session before it could say so: a commit in doubt that took effect.
TEST_F(PostgresSession, ACommitInDoubtMayHaveTakenEffect) {
  LocalServer server({.settings = {{"synchronous_standby_names", "nobody"}}});
  const testing::TestDatabase database(server);
  database.query("CREATE TABLE t (a integer)");
  const auto session = database.connect({.settings = {{"synchronous_commit", "on"}}});
  const std::string waiting =
      "SELECT wait_event FROM pg_stat_activity WHERE pid = " + std::to_string(session->backend_pid());
  std::thread administrator([&] {
    EXPECT_TRUE(eventually([&] { return database.value(waiting) == "SyncRep"; }));
    database.query("SELECT pg_terminate_backend(" + std::to_string(session->backend_pid()) + ")");
  });
  const std::vector<Request> requests{{"BEGIN", {}}, {"INSERT INTO t VALUES (1)", {}}, {"COMMIT", {}}};
  EXPECT_THROW(session->pipeline(requests, nullptr), CommitInDoubt);
  administrator.join();
  EXPECT_EQ(database.value("SELECT count(*) FROM t"), "1");
}

TEST_F(PostgresSession, AServerThatRestartsMidStatementIsALostConnection) {
  LocalServer server;
  const testing::TestDatabase database(server);
  auto session = database.connect();
  std::atomic<bool> runs = false;
  session->while_waiting([&](std::chrono::milliseconds) { runs = true; });
  std::thread administrator([&] {
    EXPECT_TRUE(eventually([&] { return runs.load(); }));
    server.stop(LocalServer::Stop::immediate);
  });
  EXPECT_THROW(session->execute("SELECT pg_sleep(600)"), ConnectionLost);
  administrator.join();
  const Error refused = error_of([&] { database.connect(); });
  EXPECT_EQ(refused.kind, ErrorKind::connection);
  EXPECT_NE(refused.next_step.find("martlet wait"), std::string::npos) << refused.message << refused.next_step;
  server.start();
  EXPECT_EQ(database.value("SELECT 1"), "1");
}

TEST_F(PostgresSession, SettingsSurviveResetAllAndDiscardAll) {
  const auto session = database_.connect({.settings = {{"lock_timeout", "7s"}, {"search_path", "\"a b\", \"c\\d\""}}});
  const auto setting = [&](const std::string& name) {
    return session->execute("SHOW " + name).rows.at(0).at(0).value();
  };
  const std::string path = setting("search_path");
  EXPECT_EQ(path, "\"a b\", \"c\\d\"");
  for (const char* reset : {"RESET ALL", "DISCARD ALL"}) {
    session->execute("SET lock_timeout = 0");
    session->execute("SELECT pg_catalog.set_config('search_path', '', false)");
    session->execute(reset);
    EXPECT_EQ(setting("lock_timeout"), "7s");
    EXPECT_EQ(setting("search_path"), path);
  }
}

TEST_F(PostgresSession, AFileCanSpoilTheSession) {
  const testing::TestRole role(database_);
  connection_->execute("SELECT pg_catalog.set_config('search_path', '', false)");
  EXPECT_EQ(value("SHOW search_path"), "");
  connection_->execute("SET ROLE " + quote_identifier(role.name()));
  EXPECT_EQ(value("SELECT current_user"), role.name());
  connection_->execute("RESET ALL");
  EXPECT_EQ(value("SELECT current_user"), role.name()) << "RESET ALL does not give the role back";
  connection_->execute("RESET ROLE");
  connection_->execute("SELECT pg_advisory_lock(1)");
  connection_->execute("DISCARD ALL");
  EXPECT_EQ(database_.value("SELECT pg_try_advisory_lock(1)"), "t") << "DISCARD ALL gives session locks away";
}

TEST_F(PostgresSession, TheApplicationNameIsOurs) {
  const auto session = database_.connect({.application_name = "martlet/1f2e"});
  EXPECT_EQ(session->execute("SHOW application_name").rows.at(0).at(0), "martlet/1f2e");
  EXPECT_EQ(std::to_string(session->backend_pid()), session->execute("SELECT pg_backend_pid()").rows.at(0).at(0));
}

TEST_F(PostgresSession, AFlushAfterEachStatementGivesProgress) {
  const auto other = database_.connect();
  other->execute("SELECT pg_advisory_lock(1)");
  const std::vector<Request> requests{
      {"BEGIN", {}}, {"SELECT 1", {}}, {"SELECT pg_advisory_xact_lock(1)", {}}, {"COMMIT", {}}};
  std::size_t completed = 0;
  connection_->pipeline(requests, [&](Completion&& completion) {
    // Unless this comes while the third statement waits, it waits for ever.
    if (completion.index == 1) other->execute("SELECT pg_advisory_unlock(1)");
    ++completed;
  });
  EXPECT_EQ(completed, 4U);
}

TEST_F(PostgresSession, ConcurrentIndexesAreRefusedInAPipeline) {
  connection_->execute("CREATE TABLE t (a integer)");
  const std::vector<Request> requests{{"BEGIN", {}}, {"CREATE INDEX CONCURRENTLY ON t (a)", {}}, {"COMMIT", {}}};
  const auto error = error_of<StatementFailed>([&] { connection_->pipeline(requests, nullptr); });
  EXPECT_EQ(error.index, 1U);
  EXPECT_EQ(error.sqlstate, "25001");
  connection_->rollback();
  EXPECT_NO_THROW(connection_->execute("CREATE INDEX CONCURRENTLY ON t (a)"));
}

// A runner that waits in pg_advisory_lock() holds a snapshot, which CREATE INDEX CONCURRENTLY of the lock's holder
// waits for.
TEST_F(PostgresSession, ABlockingAdvisoryWaiterDeadlocksAConcurrentIndex) {
  connection_->execute("CREATE TABLE t (a integer)");
  connection_->execute("SET deadlock_timeout = '20ms'");
  connection_->execute("SELECT pg_advisory_lock(1)");
  const auto waiter = database_.connect();
  std::atomic<bool> waiter_failed = false;
  std::thread waits([&] {
    try {
      waiter->execute("SELECT pg_advisory_lock(1)");
    } catch (const Error& error) {
      waiter_failed = error.sqlstate == "40P01";
    }
  });
  EXPECT_TRUE(eventually([&] { return waits_for_a_lock(waiter->backend_pid()); }));
  bool index_failed = false;
  try {
    connection_->execute("CREATE INDEX CONCURRENTLY ON t (a)");
  } catch (const Error& error) {
    index_failed = error.sqlstate == "40P01";
  }
  connection_->execute("SELECT pg_advisory_unlock_all()");
  waits.join();
  EXPECT_TRUE(index_failed != waiter_failed) << "one of the two is the victim";
}

TEST_F(PostgresSession, APollingWaiterLetsAConcurrentIndexPass) {
  connection_->execute("CREATE TABLE t (a integer)");
  connection_->execute("SELECT pg_advisory_lock(1)");
  const auto waiter = database_.connect();
  std::atomic<bool> stop = false;
  std::atomic<int> polls = 0;
  std::thread waits([&] {
    while (!stop) {
      EXPECT_EQ(waiter->execute("SELECT pg_try_advisory_lock(1)").rows.at(0).at(0), "f");
      ++polls;
    }
  });
  EXPECT_TRUE(eventually([&] { return polls > 0; }));
  EXPECT_NO_THROW(connection_->execute("CREATE INDEX CONCURRENTLY ON t (a)"));
  stop = true;
  waits.join();
}

// Without client_connection_check_interval the backend of a killed client waits on, and keeps its locks.
TEST_F(PostgresSession, TheBackendOfAKilledClientGoesAway) {
  EXPECT_EQ(value("SHOW client_connection_check_interval"), "2s");
  connection_->execute("SELECT pg_advisory_lock(1)");
  const std::string url = database_.text();
  const pid_t client = fork();
  if (client == 0) {
    const auto session = open_connection(Url::parse(url), {.application_name = "to be killed"});
    session->execute("SELECT pg_advisory_lock(1)");
    _exit(0);
  }
  const std::string alive = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'to be killed'";
  EXPECT_TRUE(eventually([&] { return database_.value(alive + " AND wait_event_type = 'Lock'") == "1"; }));
  kill(client, SIGKILL);
  waitpid(client, nullptr, 0);
  EXPECT_TRUE(eventually([&] { return database_.value(alive) == "0"; }));
}

}  // namespace
}  // namespace martlet
