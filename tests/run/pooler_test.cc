// Runs through the real pgbouncer in transaction mode.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/run/fault.h"
#include "tests/support/pgbouncer.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class PooledRun : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('1');\n");
    project_.write("V002__view.sql",
                   "CREATE VIEW shown AS SELECT what FROM log;\nINSERT INTO log VALUES ('2');\n"
                   "-- martlet:down\nDROP VIEW shown;\nDELETE FROM log WHERE what = '2';\n");
  }
  Url pooled() const { return pooler_.url(database_.url()); }
  std::string log() const { return database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"); }

  Project project_;
  TestDatabase database_ = fresh_database();
  PgBouncer pooler_{cluster(), {.pool_size = 4}};
};

TEST_F(PooledRun, AppliesAndTakesBackTransactionalMigrations) {
  const Finished up = project_.run(pooled(), {"up"});
  ASSERT_EQ(up.exit_code, 0) << up;
  EXPECT_EQ(log(), "1 2");
  const Finished down = project_.run(pooled(), {"down"});
  EXPECT_EQ(down.exit_code, 0) << down;
  EXPECT_EQ(log(), "1");
  const Finished again = project_.run(pooled(), {"up"});
  EXPECT_EQ(again.exit_code, 0) << again;
  const Finished verified = project_.run(database_.url(), {"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified;
  EXPECT_EQ(database_.value("SELECT run_id || mode FROM martlet.lease"), "") << "the lease row is not free";
  EXPECT_EQ(database_.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0")
      << "a session lock was stranded in the pool";
}

TEST_F(PooledRun, RefusesStatementByStatementAndNamesTheDirectUrl) {
  project_.write("V003__index.sql", "CREATE INDEX CONCURRENTLY log_what ON log (what);\n");
  const Finished refused = project_.run(pooled(), {"up"});
  EXPECT_EQ(refused.exit_code, 9) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("V003"), HasSubstr("pooler"), HasSubstr("direct_url")));
  EXPECT_EQ(database_.value("SELECT count(*) FROM pg_indexes WHERE indexname = 'log_what'"), "0");
  EXPECT_EQ(database_.value("SELECT count(*) FROM martlet.journal"), "0");

  const Finished direct = project_.run(pooled(), {"up", "--direct-url", database_.text()});
  EXPECT_EQ(direct.exit_code, 0) << direct;
  EXPECT_EQ(database_.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'log_what'::regclass"), "t");
  EXPECT_EQ(log(), "1 2");
}

TEST_F(PooledRun, APlanInStepsNeedsTheServerItselfOrOneTransaction) {
  ASSERT_EQ(project_.run(pooled(), {"up"}).exit_code, 0);
  project_.write("V003__check.sql", "ALTER TABLE log ALTER COLUMN what SET NOT NULL;\n");
  database_.query("INSERT INTO log SELECT g FROM generate_series(1, 20000) g");
  database_.query("ANALYZE log");
  const Environment strict{{"MARTLET_MAX_BLOCK", "1ms"}};
  const Finished refused = project_.run(pooled(), {"up"}, strict);
  EXPECT_EQ(refused.exit_code, 9) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("V003"), HasSubstr("direct_url"), HasSubstr("--tx file")));
  const Finished whole = project_.run(pooled(), {"up", "--tx", "file"}, strict);
  EXPECT_EQ(whole.exit_code, 0) << whole;
}

TEST_F(PooledRun, NothingOfAMigrationReachesTheNextClientOfThePool) {
  const PgBouncer narrow(cluster(), {.pool_size = 1});
  const Url url = narrow.url(database_.url());
  const auto settings = [&] {
    const Result found = open_connection(url)->execute(
        "SELECT current_setting('search_path'), current_setting('lock_timeout'), current_setting('statement_timeout'), "
        "current_setting('work_mem'), current_user, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')");
    std::string text;
    for (const Value& value : found.rows.at(0)) text += value.value_or("NULL") + "|";
    return text;
  };
  const std::string before = settings();
  project_.write("V003__spoil.sql",
                 "-- martlet:timeout statement=5min\nSET search_path TO pg_temp;\nSET work_mem = '77MB';\n"
                 "SET lock_timeout = '7s';\nSET ROLE pg_monitor;\n");
  const Finished up = project_.run(url, {"up"});
  EXPECT_EQ(up.exit_code, 0) << up;
  EXPECT_EQ(settings(), before);

  project_.write("V004__fails.sql", "SET search_path TO pg_temp;\nSET work_mem = '77MB';\nSELECT 1 / 0;\n");
  const Finished failed = project_.run(url, {"up"});
  EXPECT_EQ(failed.exit_code, 1) << failed;
  EXPECT_EQ(settings(), before);
}

TEST_F(PooledRun, OfTwoRunsOneWorksAndTheOtherLeavesNamingIt) {
  project_.folder().write("martlet.toml", "[hooks]\nbefore = 'touch begun; while [ ! -e go ]; do sleep 0.02; done'\n");
  Process first = project_.start(pooled(), {"up"});
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(project_.folder() / "begun"); })) << first.err();
  const Finished second = project_.run(pooled(), {"up"});
  EXPECT_EQ(second.exit_code, 5) << second;
  EXPECT_THAT(second.err, HasSubstr("(pid " + std::to_string(first.pid()) + ", martlet/"));
  const Finished direct = project_.run(database_.url(), {"up"});
  EXPECT_EQ(direct.exit_code, 5) << direct;
  Process waiting = project_.start(pooled(), {"up", "--wait-lease", "100s"});
  project_.folder().write("go", "");
  EXPECT_EQ(first.wait().exit_code, 0);
  const Finished waited = waiting.wait();
  EXPECT_EQ(waited.exit_code, 0) << waited;
  EXPECT_EQ(log(), "1 2");
}

TEST_F(PooledRun, EightRunsAtOnceDoEverythingOnce) {
  const PgBouncer wide(cluster(), {.pool_size = 8});
  std::vector<Process> runs;
  for (int i = 0; i < 8; ++i) {
    runs.push_back(project_.start(wide.url(database_.url()), {"up", "--wait-lease", "100s"}));
  }
  for (Process& run : runs) {
    const Finished finished = run.wait();
    EXPECT_EQ(finished.exit_code, 0) << finished;
  }
  EXPECT_EQ(log(), "1 2");
}

TEST_F(PooledRun, AKilledRunsLeaseIsTakenOver) {
  project_.folder().write("martlet.toml", "[hooks]\nbefore = 'touch begun; while [ ! -e go ]; do sleep 0.02; done'\n");
  Process first = project_.start(pooled(), {"up"});
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(project_.folder() / "begun"); })) << first.err();
  first.signal(SIGKILL);
  first.wait();
  project_.folder().write("go", "");
  const Finished second = project_.run(pooled(), {"up"});
  EXPECT_EQ(second.exit_code, 0) << second;
  EXPECT_EQ(log(), "1 2");
}

}  // namespace
}  // namespace martlet::testing
