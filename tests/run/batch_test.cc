// `-- martlet:batch` in a migration, as a user sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "scratch/local_server.h"
#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kTable =
    "CREATE TABLE orders (id bigint PRIMARY KEY, total int);\n"
    "INSERT INTO orders SELECT g, g FROM generate_series(1, 20000) g;\n";
constexpr const char* kBackfill =
    "ALTER TABLE orders ADD COLUMN cents bigint;\n"
    "-- martlet:batch size=500\n"
    "UPDATE orders SET cents = total * 100 WHERE cents IS NULL;\n"
    "ALTER TABLE orders ALTER COLUMN cents SET NOT NULL;\n"
    "-- martlet:down\n"
    "-- martlet:batch size=500\n"
    "UPDATE orders SET total = cents / 100;\n"
    "ALTER TABLE orders DROP COLUMN cents;\n";

class BatchRun : public ::testing::Test {
 protected:
  explicit BatchRun(LocalServer& server = cluster()) : database_(server) {}
  void SetUp() override {
    project_.write("V001__orders.sql", kTable);
    const Finished finished = run({"up"});
    ASSERT_EQ(finished.exit_code, 0) << finished;
  }
  Finished run(std::vector<std::string> arguments, Environment environment = {}) const {
    return project_.run(database_.url(), std::move(arguments), std::move(environment));
  }
  std::string filled() const { return database_.value("SELECT count(cents) FROM orders WHERE cents = total * 100"); }
  bool is_under_way() const {
    return database_.value("SELECT count(*) FROM information_schema.columns WHERE column_name = 'cents'") == "1" &&
           database_.value("SELECT count(cents) BETWEEN 500 AND 15000 FROM orders") == "t";
  }
  std::string journal() const { return database_.value("SELECT count(*) FROM martlet.journal"); }

  Project project_;
  TestDatabase database_;
};

TEST_F(BatchRun, AFileRunsStatementByStatementUpAndDown) {
  project_.write("V002__cents.sql", kBackfill);
  const Finished up = run({"up"}, {{"MARTLET_BATCH_WORKERS", "2"}});
  EXPECT_EQ(up.exit_code, 0) << up;
  EXPECT_EQ(filled(), "20000");
  EXPECT_EQ(journal(), "0");
  database_.query("UPDATE orders SET total = 0 WHERE id <= 100");
  const Finished down = run({"down", "--yes"});
  EXPECT_EQ(down.exit_code, 0) << down;
  EXPECT_EQ(database_.value("SELECT sum(total) FROM orders"), "200010000");
}

TEST_F(BatchRun, ADryRunCountsTheRows) {
  project_.write("V002__cents.sql", kBackfill);
  project_.write("V003__paid.sql", "-- martlet:batch\nDELETE FROM orders WHERE total > 15000;\n");
  const Finished dry = run({"up", "--dry-run"});
  EXPECT_EQ(dry.exit_code, 0) << dry;
  EXPECT_THAT(dry.out, AllOf(HasSubstr("V002__cents.sql:3:1  in batches by id, "),
                             HasSubstr("V003__paid.sql:2:1  in batches by id, 5000 rows")));
  EXPECT_EQ(database_.value("SELECT count(*) FROM orders"), "20000");
}

TEST_F(BatchRun, WrongUseIsRefusedWithPlaceAndReasonBeforeAnythingRuns) {
  const struct {
    const char* text;
    const char* place;
    const char* reason;
  } kCases[] = {
      {"CREATE TABLE x (a int);\n-- martlet:batch\nUPDATE orders SET total = total + 1;\n", "V002__x.sql:2",
       "not idempotent"},
      {"CREATE TABLE x (a int);\n-- martlet:batch\n", "V002__x.sql:2", "no statement stands behind"},
      {"-- martlet:batch\nCREATE TABLE x (a int);\n", "V002__x.sql:1", "only UPDATE, DELETE"},
      {"UPDATE orders\n-- martlet:batch\nSET total = 1;\n", "V002__x.sql:2", "within a statement"},
      {"-- martlet:batch\n-- martlet:batch\nUPDATE orders SET total = 1;\n", "V002__x.sql:2", "already"},
      {"-- martlet:batch key=total\nUPDATE orders SET total = 1;\n", "V002__x.sql:1", "key=total"},
      {"-- martlet:batch size=0\nUPDATE orders SET total = 1;\n", "V002__x.sql:1", "positive"},
  };
  for (const auto& one : kCases) {
    project_.write("V002__x.sql", one.text);
    const Finished finished = run({"up"});
    EXPECT_EQ(finished.exit_code, 4) << finished;
    EXPECT_THAT(finished.err, AllOf(HasSubstr(one.place), HasSubstr(one.reason))) << one.text;
    EXPECT_EQ(database_.value("SELECT to_regclass('x')"), "") << one.text;
  }
  EXPECT_EQ(database_.value("SELECT sum(total) FROM orders"), "200010000");
}

TEST_F(BatchRun, InterruptedItIsGoneOnWith) {
  project_.write("V002__cents.sql", kBackfill);
  for (const int signal : {SIGINT, SIGKILL}) {
    Process first = project_.start(database_.url(), {"up"}, {{"MARTLET_BATCH_TIME", "1ms"}});
    ASSERT_TRUE(eventually([&] { return is_under_way(); })) << first.err();
    first.signal(signal);
    const Finished interrupted = first.wait();
    EXPECT_NE(interrupted.exit_code, 0) << interrupted;
    EXPECT_THAT(run({"status"}).out, HasSubstr("partial"));
    const Finished resumed = run({"up"});
    EXPECT_EQ(resumed.exit_code, 0) << resumed;
    EXPECT_EQ(filled(), "20000");
    EXPECT_EQ(journal(), "0");
    EXPECT_EQ(run({"down", "--yes"}).exit_code, 0);
  }
}

TEST_F(BatchRun, RowsThatFailAreNamedAndMayBeLeftOut) {
  project_.write("V002__cents.sql", kBackfill);
  database_.query("UPDATE orders SET total = NULL WHERE id = 7");
  project_.write("V002__cents.sql",
                 "ALTER TABLE orders ADD COLUMN cents bigint CHECK (cents <> 123400);\n-- martlet:batch\n"
                 "UPDATE orders SET cents = total * 100 WHERE total IS NOT NULL;\n");
  const Finished failed = run({"up"});
  EXPECT_EQ(failed.exit_code, 6) << failed;
  EXPECT_THAT(failed.err, AllOf(HasSubstr("id = 1234"), HasSubstr("23514"), HasSubstr("V002__cents.sql:3"),
                                HasSubstr("--skip-errors")));
  const Finished resumed = run({"resume", "--skip-errors", "1"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed;
  EXPECT_THAT(resumed.err, HasSubstr("1234"));
  EXPECT_EQ(filled(), "19998");
}

TEST_F(BatchRun, SqliteSaysWhyNot) {
  const FaultDatabase file(Dialect::sqlite);
  const Project other;
  other.write("V001__x.sql", "CREATE TABLE t (a);\n-- martlet:batch\nUPDATE t SET a = 1;\n");
  const Finished finished = other.run(file.url(), {"up"});
  EXPECT_EQ(finished.exit_code, 4) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("V001__x.sql:2"), HasSubstr("SQLite")));
}

class BatchRestart : public BatchRun {
 protected:
  BatchRestart() : BatchRun(server()) {}
  static LocalServer& server() {
    static LocalServer own;
    return own;
  }
};

TEST_F(BatchRestart, AServerThatRestartsIsWaitedFor) {
  project_.write("V002__cents.sql", kBackfill);
  for (const LocalServer::Stop how : {LocalServer::Stop::fast, LocalServer::Stop::immediate}) {
    Process process = project_.start(database_.url(), {"up"}, {{"MARTLET_BATCH_TIME", "1ms"}});
    ASSERT_TRUE(eventually([&] { return is_under_way(); })) << process.err();
    server().stop(how);
    server().start();
    const Finished finished = process.wait();
    EXPECT_EQ(finished.exit_code, 0) << finished;
    EXPECT_EQ(filled(), "20000");
    EXPECT_EQ(run({"down", "--yes"}).exit_code, 0);
  }
}

}  // namespace
}  // namespace martlet::testing
