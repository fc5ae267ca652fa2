// Locks that others hold: short attempts, the blocker by name, success once it lets go, and a clean end when it does
// not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Locks : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('1');\n");
    ASSERT_EQ(up().exit_code, 0);
    project_.write("V002__more.sql", "INSERT INTO log VALUES ('2');\nALTER TABLE log ADD COLUMN note text;\n");
    holder_ = database_.connect({.application_name = "nightly report"});
  }

  Finished up(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), "up");
    return project_.run(database_.url(), arguments);
  }

  void hold(std::string_view mode) const {
    holder_->execute("BEGIN");
    holder_->execute(fmt::format("LOCK TABLE log IN {} MODE", mode));
  }

  std::string blocker() const {
    return fmt::format("pid {}, user postgres, application nightly report, idle in transaction for",
                       holder_->backend_pid());
  }

  // How often `text` was said so far.
  static int count(const std::string& all, std::string_view text) {
    int found = 0;
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++found;
    return found;
  }

  Project project_;
  TestDatabase database_ = fresh_database();
  std::unique_ptr<Connection> holder_;
};

TEST_F(Locks, AHeldTableIsTriedAgainOnceItIsFreeAndTheHolderIsNamed) {
  hold("ACCESS EXCLUSIVE");
  Process run = project_.start(database_.url(), {"up", "--lock-wait", "100ms"});
  ASSERT_TRUE(eventually([&] { return count(run.err(), "not queueing for log") > 0; })) << run.err();
  EXPECT_THAT(run.err(), AllOf(HasSubstr(blocker()), HasSubstr("LOCK TABLE log IN ACCESS EXCLUSIVE MODE")));
  holder_->execute("COMMIT");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"), "1 2");
}

TEST_F(Locks, ASessionIdleInTransactionIsNamedAndTheDatabaseStaysCleanWhenTimeIsUp) {
  holder_->execute("BEGIN");
  holder_->execute("SELECT count(*) FROM log");
  // Younger than lock_wait at the first look, however slow the machine.
  const Finished finished = up({"--lock-wait", "5s", "--lock-deadline", "700ms"});
  EXPECT_EQ(finished.exit_code, 5) << finished;
  EXPECT_THAT(finished.err,
              AllOf(HasSubstr("V002__more.sql:2"), HasSubstr("55P03"), HasSubstr("held by " + blocker()),
                    HasSubstr("SELECT count(*) FROM log"), HasSubstr("--lock-deadline"), HasSubstr("martlet locks")));
  holder_->execute("COMMIT");
  EXPECT_EQ(database_.value("SELECT string_agg(what, ' ') FROM log"), "1") << "the attempt left its row";
  EXPECT_EQ(database_.value("SELECT count(*) FROM martlet.schema_migrations"), "1");
  const Finished again = up();
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"), "1 2");
}

TEST_F(Locks, ADirectiveSetsTheWaitOfOneMigration) {
  project_.write("V002__more.sql", "-- martlet:timeout lock=30s\nALTER TABLE log ADD COLUMN note text;\n");
  hold("ACCESS SHARE");
  Process run = project_.start(database_.url(), {"up", "--lock-deadline", "1ms"});
  // One attempt that waits; without the directive the run would have given up by now.
  ASSERT_TRUE(eventually([&] {
    return database_.value(
               "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'log'::regclass "
               "AND clock_timestamp() - waitstart > interval '400 ms'") == "1";
  })) << run.err();
  EXPECT_THAT(run.err(), HasSubstr("waiting for a lock held by " + blocker()));
  holder_->execute("COMMIT");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.err, Not(HasSubstr("rolled back")));
}

TEST_F(Locks, ALaterStatementsLockTakesTheEarlierOnesBack) {
  database_.query("CREATE TABLE busy (id integer)");
  // What a DO block locks is learnt by running it.
  project_.write("V002__more.sql",
                 "INSERT INTO log VALUES ('2');\nDO $$ BEGIN ALTER TABLE busy ADD COLUMN x integer; END $$;\n");
  holder_->execute("BEGIN");
  holder_->execute("LOCK TABLE busy IN ACCESS SHARE MODE");
  Process run = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return count(run.err(), "rolled back, will try again") > 0; })) << run.err();
  holder_->execute("COMMIT");
  EXPECT_EQ(run.wait().exit_code, 0);
  EXPECT_EQ(database_.value("SELECT count(*) FROM log WHERE what = '2'"), "1") << "attempts added up";
}

TEST_F(Locks, AStatementByStatementFileRetriesTheStatement) {
  project_.write("V002__more.sql",
                 "-- martlet:no-transaction\nINSERT INTO log VALUES ('2');\n"
                 "ALTER TABLE log ADD COLUMN note text;\nINSERT INTO log VALUES ('3');\n");
  holder_->execute("BEGIN");
  holder_->execute("LOCK TABLE log IN ROW EXCLUSIVE MODE");
  const Finished refused = up({"--lock-deadline", "500ms"});
  EXPECT_EQ(refused.exit_code, 6) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("V002__more.sql:3"), HasSubstr(blocker())));
  Process run = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return count(run.err(), "rolled back, will try again") > 0; })) << run.err();
  holder_->execute("COMMIT");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"), "1 2 3");
}

// Both sides hold what the other wants. Only the run's session looks for a deadlock in time, so it is the victim.
TEST_F(Locks, TheVictimOfADeadlockIsTriedAgain) {
  database_.query("CREATE TABLE a (id integer)");
  database_.query("CREATE TABLE b (id integer)");
  database_.query("CREATE SEQUENCE attempts");
  database_.query("ALTER DATABASE " + database_.name() + " SET deadlock_timeout = '50ms'");
  project_.write("V002__more.sql",
                 "-- martlet:timeout lock=60s\nINSERT INTO log VALUES ('2');\nLOCK TABLE a;\n"
                 "DO $$ BEGIN IF nextval('attempts') > 1 THEN RETURN; END IF;\n"
                 "WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'a'::regclass AND NOT granted) LOOP\n"
                 "PERFORM pg_sleep(0.01); END LOOP; END $$;\nLOCK TABLE b;\n");
  Command other{.arguments = {"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database_.text()}};
  other.input =
      "SET deadlock_timeout = '600s';\nBEGIN;\nLOCK TABLE b;\n"
      "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'a'::regclass AND granted) LOOP\n"
      "PERFORM pg_sleep(0.01); END LOOP; END $$;\nLOCK TABLE a;\nCOMMIT;\n";
  Process rival(other);
  const Finished finished = up();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.err, HasSubstr("rolled back, will try again"));
  const Finished rival_end = rival.wait();
  EXPECT_EQ(rival_end.exit_code, 0) << rival_end;
  EXPECT_EQ(database_.value("SELECT last_value FROM attempts"), "2");
  EXPECT_EQ(database_.value("SELECT count(*) FROM log WHERE what = '2'"), "1");
}

TEST_F(Locks, AStatementThatTakesTooLongEndsTheMigrationCleanly) {
  project_.write("V002__more.sql", "INSERT INTO log VALUES ('2');\nSELECT pg_sleep(600);\n");
  const Finished finished = up({"--statement-timeout", "200ms"});
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("V002__more.sql:2:1"), HasSubstr("57014"), HasSubstr("statement timeout"),
                                  HasSubstr("rolled back"), HasSubstr("V001")));
  EXPECT_EQ(database_.value("SELECT string_agg(what, ' ') FROM log"), "1");
}

TEST_F(Locks, ADirectiveSetsTheTimeoutOfOneMigration) {
  project_.write("V002__more.sql", "-- martlet:timeout statement=200ms\nSELECT pg_sleep(600);\n");
  const Finished finished = up();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("V002__more.sql:2"), HasSubstr("statement timeout")));

  project_.write("V002__more.sql", "-- martlet:timeout statement=60s\nSELECT pg_sleep(0.4);\n");
  project_.write("V003__after.sql",
                 "SELECT set_config('test.timeout', current_setting('statement_timeout'), true);\n"
                 "INSERT INTO log SELECT current_setting('test.timeout');\n");
  const Finished allowed = up({"--statement-timeout", "300ms"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed;
  EXPECT_EQ(database_.value("SELECT what FROM log WHERE what <> '1'"), "300ms") << "it leaked into the next one";
}

TEST_F(Locks, AConcurrentBuildThatTakesTooLongLeavesNothingBehind) {
  database_.query(
      "CREATE FUNCTION slow(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS "
      "'BEGIN PERFORM pg_sleep(600); RETURN t; END'");
  project_.write("V002__more.sql",
                 "-- martlet:timeout statement=300ms\nCREATE INDEX CONCURRENTLY log_what ON log (slow(what));\n");
  const Finished finished = up();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, HasSubstr("statement timeout"));
  EXPECT_EQ(database_.value("SELECT count(*) FROM pg_indexes WHERE tablename = 'log'"), "0");
  EXPECT_EQ(database_.value("SELECT count(*) FROM martlet.journal"), "0");
}

class SqliteLocks : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('1');\n");
  }
  Project project_;
  FaultDatabase database_{Dialect::sqlite};
};

TEST_F(SqliteLocks, AFileLockedByAnotherProcessIsTriedUntilTimeIsUp) {
  const auto holder = database_.connect();
  holder->execute("BEGIN EXCLUSIVE");
  const Finished finished = project_.run(database_.url(), {"up", "--lock-deadline", "500ms"});
  EXPECT_EQ(finished.exit_code, 5) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("will try again"), HasSubstr("SQLITE_BUSY"),
                                  HasSubstr("close the program that writes to the file")));

  Process run = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return run.err().find("will try again") != std::string::npos; })) << run.err();
  holder->execute("COMMIT");
  const Finished released = run.wait();
  EXPECT_EQ(released.exit_code, 0) << released;
  EXPECT_EQ(database_.value("SELECT group_concat(what) FROM log"), "1");
}

TEST_F(SqliteLocks, AFileLockedInTheMiddleOfARunIsTriedAgain) {
  project_.write("V002__more.sql", "INSERT INTO log VALUES ('2');\n");
  project_.write("V003__more.sql", "INSERT INTO log VALUES ('3');\n");
  project_.folder().write("martlet.toml", "[hooks]\nbefore = 'touch begun; while [ ! -e go ]; do sleep 0.02; done'\n");
  Process run = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(project_.folder() / "begun"); }));
  const auto holder = database_.connect();
  holder->execute("BEGIN IMMEDIATE");
  project_.folder().write("go", "");
  ASSERT_TRUE(eventually([&] { return run.err().find("will try again") != std::string::npos; })) << run.err();
  holder->execute("COMMIT");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(database_.value("SELECT group_concat(what) FROM log"), "1,2,3");
}

// The holder of the lease row was killed: the next run does not wait for its heartbeat to grow old.
TEST_F(SqliteLocks, ALeaseOfAKilledRunIsTakenOverAtOnce) {
  project_.folder().write("martlet.toml", "[hooks]\nbefore = 'touch begun; while [ ! -e go ]; do sleep 0.02; done'\n");
  Process first = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(project_.folder() / "begun"); }));
  first.signal(SIGKILL);
  EXPECT_EQ(first.wait().signal, SIGKILL);
  project_.folder().write("go", "");
  const Finished second = project_.run(database_.url(), {"up"});
  EXPECT_EQ(second.exit_code, 0) << second;
}

}  // namespace
}  // namespace martlet::testing
