// Strong locks on a table that others are using: nobody is made to wait behind a run that waits itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/run/fault.h"
#include "tests/support/pgbouncer.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// How long a session of the run has queued for the table's lock now, in milliseconds; -1 = it does not.
constexpr std::string_view kQueueing = R"(
  SELECT coalesce(max(extract(epoch FROM clock_timestamp() - l.waitstart) * 1000), -1)::bigint
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE NOT l.granted AND l.relation = 'log'::regclass AND a.application_name LIKE 'martlet/%')";

class Queue : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('1');\n");
    ASSERT_EQ(project_.run(database_.url(), {"up"}).exit_code, 0);
    project_.write("V002__more.sql", "ALTER TABLE log ADD COLUMN note text;\n");
    holder_ = database_.connect({.application_name = "nightly report"});
  }

  void read_in_transaction() const {
    holder_->execute("BEGIN");
    holder_->execute("SELECT count(*) FROM log");
  }
  static bool says(const Process& run, std::string_view text) { return run.err().find(text) != std::string::npos; }
  bool applied() const { return database_.value("SELECT count(*) FROM pg_attribute WHERE attname = 'note'") == "1"; }

  Project project_;
  TestDatabase database_ = fresh_database();
  std::unique_ptr<Connection> holder_;
};

// One attempt, by which the run learns what it needs; from then on it looks, and queues no more.
TEST_F(Queue, ALongReaderIsNotQueuedBehindAgain) {
  read_in_transaction();
  Process run = project_.start(database_.url(), {"up", "--lock-wait", "100ms"});
  const auto observer = database_.connect();
  int attempts = 0, looks = 0;
  bool was_queueing = false;
  ASSERT_TRUE(eventually([&] {
    const long long queueing = std::stoll(*observer->execute(kQueueing).rows[0][0]);
    EXPECT_LT(queueing, 5000) << "an attempt of 100 ms stood in the queue for seconds";
    if (queueing >= 0 && !was_queueing) ++attempts;
    was_queueing = queueing >= 0;
    if (says(run, "; not queueing for log")) ++looks;
    return looks > 200;
  })) << run.err();
  EXPECT_LE(attempts, 1) << run.err();
  EXPECT_THAT(run.err(), AllOf(HasSubstr("application nightly report, idle in transaction for"),
                               HasSubstr("SELECT count(*) FROM log")));
  holder_->execute("COMMIT");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_TRUE(applied());
}

TEST_F(Queue, BehindAPoolerTheWaitIsNamedToo) {
  PgBouncer pooler{cluster(), {.pool_size = 4}};
  read_in_transaction();
  Process run = project_.start(pooler.url(database_.url()), {"up", "--lock-wait", "400ms"});
  ASSERT_TRUE(eventually([&] { return says(run, "application nightly report"); })) << run.err();
  holder_->execute("COMMIT");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_TRUE(applied());
}

// A vacuum that is slowed down so far that it does not end by itself.
TEST(AutovacuumInTheWay, GivesWayWithinOneAttempt) {
  LocalServer server({.settings = {{"autovacuum_naptime", "1s"}}});
  const TestDatabase database(server);
  Project project;
  project.write("V001__log.sql", "CREATE TABLE log (what text);\n");
  ASSERT_EQ(project.run(database.url(), {"up"}).exit_code, 0);
  project.write("V002__more.sql", "ALTER TABLE log ADD COLUMN note text;\n");
  database.query(
      "ALTER TABLE log SET (autovacuum_vacuum_insert_threshold = 1, autovacuum_vacuum_insert_scale_factor = 0, "
      "autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)");
  database.query("INSERT INTO log SELECT repeat('x', 200) FROM generate_series(1, 60000)");
  ASSERT_TRUE(eventually(
      [&] {
        return database.value("SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'log'::regclass") == "1";
      },
      std::chrono::seconds(60)));
  const Finished finished = project.run(database.url(), {"up", "--lock-deadline", "30s"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(database.value("SELECT count(*) FROM pg_attribute WHERE attname = 'note'"), "1");
}

TEST_F(Queue, WhoIsInTheWayForTooLongIsEndedWhereThatWasAskedForAndRecorded) {
  read_in_transaction();
  const Finished finished = project_.run(database_.url(), {"up", "--kill-blockers-after", "300ms"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_TRUE(applied());
  EXPECT_THAT(finished.err, HasSubstr("ending a session that has been in the way for longer than 300 ms: pid " +
                                      std::to_string(holder_->backend_pid())));
  EXPECT_THAT(database_.value("SELECT string_agg(detail, ' ') FROM martlet.audit WHERE event = 'killed'"),
              AllOf(HasSubstr(std::to_string(holder_->backend_pid())), HasSubstr("nightly report")));
  EXPECT_THROW(holder_->execute("SELECT 1"), ConnectionLost);
  const Finished audit = project_.run(database_.url(), {"verify"});
  EXPECT_EQ(audit.exit_code, 0) << audit;
}

TEST_F(Queue, NobodyIsEndedUnasked) {
  read_in_transaction();
  const Finished finished = project_.run(database_.url(), {"up", "--lock-deadline", "800ms"});
  EXPECT_EQ(finished.exit_code, 5) << finished;
  EXPECT_EQ(holder_->execute("SELECT 1").rows.size(), 1U);
  EXPECT_EQ(database_.value("SELECT count(*) FROM martlet.audit WHERE event = 'killed'"), "0");
}

TEST_F(Queue, ARoleThatMayNotEndItSaysSo) {
  const TestRole role(database_);
  database_.query("GRANT ALL ON SCHEMA martlet, public TO " + role.name());
  database_.query("GRANT ALL ON ALL TABLES IN SCHEMA martlet TO " + role.name());
  database_.query("ALTER TABLE log OWNER TO " + role.name());
  read_in_transaction();
  const Finished finished =
      project_.run(database_.url_as(role.name()), {"up", "--kill-blockers-after", "200ms", "--lock-deadline", "2s"});
  EXPECT_EQ(finished.exit_code, 5) << finished;
  EXPECT_THAT(finished.err, HasSubstr("could not be ended"));
  EXPECT_EQ(holder_->execute("SELECT 1").rows.size(), 1U);
  holder_.reset();  // what the role owns cannot be dropped behind its lock
}

// A statement that keeps a strong lock for longer than max_block while somebody waits for the table.
class Blocking : public Queue {
 protected:
  void SetUp() override {
    Queue::SetUp();
    project_.write("V002__more.sql", "ALTER TABLE log ADD COLUMN note text;\nSELECT pg_sleep(600);\n");
  }
  bool run_holds_the_table() const {
    return database_.value(
               "SELECT count(*) FROM pg_locks WHERE relation = 'log'::regclass AND granted AND "
               "mode = 'AccessExclusiveLock'") == "1";
  }
};

TEST_F(Blocking, IsCancelledOnceTheApplicationHasWaitedTooLong) {
  Process run = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return run_holds_the_table(); })) << run.err();
  EXPECT_EQ(holder_->execute("SELECT count(*) FROM log").rows[0][0], "1") << "the reader waits, and then reads";
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 5) << finished;
  EXPECT_THAT(finished.err,
              AllOf(HasSubstr("cancelled after it had blocked the application for 200 ms: AccessExclusiveLock on log"),
                    HasSubstr("application nightly report"), HasSubstr("max_block"), HasSubstr("V001"),
                    HasSubstr("rolled back")));
  EXPECT_FALSE(applied());
}

TEST_F(Blocking, IsOnlySaidWhereThatIsWanted) {
  project_.write("V002__more.sql",
                 "ALTER TABLE log ADD COLUMN note text;\n"
                 "DO $$ BEGIN WHILE current_setting('test.go', true) IS NULL AND NOT EXISTS (SELECT FROM pg_database "
                 "WHERE shobj_description(oid, 'pg_database') = 'go' AND datname = current_database()) LOOP PERFORM "
                 "pg_sleep(0.02); END LOOP; END $$;\n");
  Process run = project_.start(database_.url(), {"up"}, {{"MARTLET_OVER_BLOCK", "say"}});
  ASSERT_TRUE(eventually([&] { return run_holds_the_table(); })) << run.err();
  Process reader({.arguments = {"psql", "-X", "-d", database_.text(), "-c", "SELECT count(*) FROM log"}});
  ASSERT_TRUE(eventually([&] { return says(run, "the application has waited for longer than 200 ms"); })) << run.err();
  database_.query("COMMENT ON DATABASE " + database_.name() + " IS 'go'");
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(reader.wait().exit_code, 0);
  EXPECT_TRUE(applied());
}

// The same statements on a table that nobody can be using, or that nobody waits for, are let be.
TEST_F(Blocking, DoesNotMisfireWhereNobodyWaits) {
  project_.write("V002__more.sql",
                 "ALTER TABLE log ADD COLUMN note text;\nCREATE TABLE fresh (id integer);\nSELECT pg_sleep(0.6);\n");
  const Finished finished = project_.run(database_.url(), {"up"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.err, Not(HasSubstr("waited")));
  EXPECT_TRUE(applied());
}

TEST_F(Queue, AConcurrentBuildNamesWhomItWaitsForAndHasNoTimeout) {
  project_.write("V002__more.sql", "CREATE INDEX CONCURRENTLY log_what ON log (what);\n");
  holder_->execute("BEGIN");
  holder_->execute("INSERT INTO log VALUES ('held')");
  Process run = project_.start(database_.url(), {"up", "--lock-wait", "50ms", "--lock-deadline", "100ms"});
  ASSERT_TRUE(eventually([&] {
    return says(run, "waiting for a lock held by") && says(run, "application nightly report");
  })) << run.err();
  EXPECT_TRUE(run.running());
  holder_->execute("COMMIT");
  EXPECT_EQ(run.wait().exit_code, 0);
}

}  // namespace
}  // namespace martlet::testing
