// Statements that no transaction may hold: run, killed in their middle, failed, and gone on with.
#include <gmock/gmock.h>

#include "effects/transactional.h"
#include "step/cursor.h"
#include "step/executor.h"
#include "tests/history/fixture.h"

namespace martlet {
namespace {

using ::testing::HasSubstr;

class StepTest : public ::testing::Test {
 protected:
  StepTest() : connection_(open()) {
    bootstrap_history(*connection_, names_, {});
    connection_->execute("CREATE TABLE orders (id int, buyer int)");
    connection_->execute("INSERT INTO orders SELECT i, i / 2 FROM generate_series(1, 100) i");
  }

  std::unique_ptr<Connection> open() const {
    OpenOptions options;
    options.application_name = "martlet/test";
    return database_.connect(options);
  }

  // One run: takes the lease, performs the statement as step 0 of migration 001, whatever the journal says.
  StepResult perform_with(Connection& connection, const std::string& sql) {
    const Identity who = Identity::detect("tester", "");
    Lease lease = Lease::acquire(connection, names_, who, {.wait = std::chrono::seconds(30)});
    const Statement statement{.text = sql, .place = {"V001.sql", 1, 1}};
    const Transactionality traits = transactionality(statement, Dialect::postgres);
    const StepContext context{.connection = connection,
                              .names = names_,
                              .who = who,
                              .begin = {{"BEGIN", {}}, lease.fence()},
                              .say = [this](const std::string& text) { said_.push_back(text); }};
    const auto entries = read_unfinished(connection, names_);
    return perform_step(context, {"001", "up", 0, statement, traits},
                        entries.empty() ? std::nullopt : std::optional(entries[0]));
  }
  StepResult perform(const std::string& sql) { return perform_with(*connection_, sql); }

  // The same in another process, which dies at the failpoint.
  int die_at(const std::string& failpoint, const std::string& sql) {
    Forked child([&] {
      setenv("MARTLET_FAILPOINT", failpoint.c_str(), 1);
      auto mine = open();
      perform_with(*mine, sql);
    });
    return child.wait();
  }

  Error failure(const std::string& sql) {
    try {
      perform(sql);
    } catch (const Error& error) {
      return error;
    }
    return {ErrorKind::usage, "no error"};
  }

  std::string value(const std::string& sql) { return connection_->execute(sql).rows.at(0).at(0).value_or("NULL"); }
  std::vector<JournalEntry> journal() { return read_unfinished(*connection_, names_); }
  bool index_is_valid(const std::string& name) {
    return value("SELECT coalesce(bool_and(indisvalid), false) FROM pg_index WHERE indexrelid = to_regclass('" + name +
                 "')") == "t";
  }

  testing::TestDatabase database_ = testing::fresh_database();
  HistoryNames names_ = HistoryNames::make({}, Dialect::postgres);
  std::unique_ptr<Connection> connection_;
  std::vector<std::string> said_;
};

constexpr const char* kBuild = "CREATE INDEX CONCURRENTLY orders_buyer ON orders (buyer)";

TEST_F(StepTest, RunsAndRecords) {
  EXPECT_EQ(perform(kBuild), StepResult::ran);
  ASSERT_EQ(journal().size(), 1u);
  EXPECT_EQ(journal()[0].state, StepState::done);
  EXPECT_TRUE(index_is_valid("orders_buyer"));
  EXPECT_EQ(perform(kBuild), StepResult::was_done);
  EXPECT_EQ(failure("CREATE INDEX CONCURRENTLY orders_buyer ON orders (id)").kind, ErrorKind::validation);
}

TEST_F(StepTest, ATransactionalStatementCommitsWithItsEntry) {
  EXPECT_EQ(perform("INSERT INTO orders VALUES (1000, 1)"), StepResult::ran);
  EXPECT_EQ(perform("INSERT INTO orders VALUES (1000, 1)"), StepResult::was_done);
  EXPECT_EQ(value("SELECT count(*) FROM orders WHERE id = 1000"), "1");
}

TEST_F(StepTest, ATransactionalStatementThatFailsLeavesNothing) {
  EXPECT_EQ(failure("INSERT INTO orders VALUES ('x', 1)").sqlstate, "22P02");
  EXPECT_TRUE(journal().empty());
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(StepTest, GoesOnAfterAKillAtEveryBoundary) {
  for (const std::string failpoint :
       {"journal-before-started", "journal-after-started", "step-after-statement", "journal-after-done"}) {
    EXPECT_EQ(die_at(failpoint, kBuild), -SIGKILL);
    const StepResult result = perform(kBuild);
    const StepResult expected = failpoint == "journal-after-done"     ? StepResult::was_done
                                : failpoint == "step-after-statement" ? StepResult::found_done
                                                                      : StepResult::ran;
    EXPECT_EQ(result, expected) << failpoint;
    EXPECT_TRUE(index_is_valid("orders_buyer")) << failpoint;
    EXPECT_EQ(journal()[0].state, StepState::done) << failpoint;
    connection_->execute("DROP INDEX orders_buyer");
    connection_->execute(journal_clear(names_, "001"));
  }
}

TEST_F(StepTest, RebuildsAnIndexWhoseBuildWasKilled) {
  auto blocker = open();
  blocker->execute("BEGIN");
  blocker->execute("SELECT count(*) FROM orders");
  blocker->execute("INSERT INTO orders VALUES (2000, 1)");
  Forked child([this] {
    auto mine = open();
    perform_with(*mine, kBuild);
  });
  ASSERT_TRUE(testing::eventually([&] {
    return value("SELECT count(*) FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for writers%'") == "1";
  }));
  child.kill();
  child.wait();
  // The blocking transaction stays open: the lease can only be had once the orphaned server process is ended.
  {
    const Identity who = Identity::detect("tester", "");
    Lease lease = Lease::acquire(*connection_, names_, who, {});
    ASSERT_EQ(journal().size(), 1u);
    EXPECT_EQ(inspect_step(*connection_, journal()[0]), StepOutcome::half_done);
  }
  blocker->execute("COMMIT");
  EXPECT_EQ(perform(kBuild), StepResult::ran);
  EXPECT_THAT(said_, ::testing::Contains(HasSubstr("dropped the invalid index public.orders_buyer")));
  EXPECT_TRUE(index_is_valid("orders_buyer"));
}

TEST_F(StepTest, RemovesTheInvalidIndexOfABuildThatFailed) {
  const Error error = failure("CREATE UNIQUE INDEX CONCURRENTLY orders_buyer ON orders (buyer)");
  EXPECT_EQ(error.sqlstate, "23505");
  EXPECT_NE(error.kind, ErrorKind::partial);
  EXPECT_EQ(value("SELECT to_regclass('orders_buyer')"), "NULL");
  EXPECT_TRUE(journal().empty());
}

TEST_F(StepTest, DropsAnInvalidIndexThatIfNotExistsWouldKeep) {
  EXPECT_THROW(connection_->execute("CREATE UNIQUE INDEX CONCURRENTLY orders_buyer ON orders (buyer)"), Error);
  EXPECT_FALSE(index_is_valid("orders_buyer"));
  perform("CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_buyer ON orders (buyer)");
  EXPECT_TRUE(index_is_valid("orders_buyer"));
  EXPECT_THAT(said_, ::testing::ElementsAre(HasSubstr("left by a build that failed earlier")));
}

TEST_F(StepTest, FindsAnIndexThatTheServerNamed) {
  const std::string sql = "CREATE INDEX CONCURRENTLY ON orders (buyer)";
  EXPECT_EQ(die_at("step-after-statement", sql), -SIGKILL);
  EXPECT_EQ(perform(sql), StepResult::found_done);
  EXPECT_EQ(value("SELECT count(*) FROM pg_index WHERE indrelid = 'orders'::regclass"), "1");
}

TEST_F(StepTest, FindsAnIndexOutsideTheSearchPath) {
  connection_->execute("CREATE SCHEMA \"My Shop\"");
  connection_->execute("CREATE TABLE \"My Shop\".\"Line Items\" (id int)");
  const std::string sql = "CREATE INDEX CONCURRENTLY \"By Id\" ON \"My Shop\".\"Line Items\" (id)";
  EXPECT_EQ(die_at("step-after-statement", sql), -SIGKILL);
  EXPECT_EQ(perform(sql), StepResult::found_done);
}

TEST_F(StepTest, DropsAnIndexOnce) {
  connection_->execute("CREATE INDEX orders_buyer ON orders (buyer)");
  const std::string sql = "DROP INDEX CONCURRENTLY orders_buyer";
  EXPECT_EQ(die_at("journal-after-started", sql), -SIGKILL);
  EXPECT_EQ(inspect_step(*connection_, journal()[0]), StepOutcome::not_begun);
  EXPECT_EQ(die_at("step-after-statement", sql), -SIGKILL);
  EXPECT_EQ(perform(sql), StepResult::found_done);
  EXPECT_EQ(value("SELECT to_regclass('orders_buyer')"), "NULL");
}

TEST_F(StepTest, ClearsWhatAReindexLeft) {
  connection_->execute("CREATE INDEX orders_buyer ON orders (buyer)");
  const std::string sql = "REINDEX INDEX CONCURRENTLY orders_buyer";
  EXPECT_EQ(die_at("step-after-statement", sql), -SIGKILL);
  EXPECT_EQ(perform(sql), StepResult::found_done);

  connection_->execute(journal_clear(names_, "001"));
  EXPECT_EQ(die_at("journal-after-started", sql), -SIGKILL);
  connection_->execute("CREATE INDEX orders_buyer_ccnew ON orders (buyer)");
  connection_->execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_buyer_ccnew'::regclass");
  EXPECT_EQ(inspect_step(*connection_, journal()[0]), StepOutcome::half_done);
  EXPECT_EQ(perform(sql), StepResult::ran);
  EXPECT_EQ(value("SELECT count(*) FROM pg_index WHERE indrelid = 'orders'::regclass"), "1");
}

TEST_F(StepTest, FinalizesADetach) {
  connection_->execute("CREATE TABLE sales (id int) PARTITION BY RANGE (id)");
  connection_->execute("CREATE TABLE sales_1 PARTITION OF sales FOR VALUES FROM (0) TO (10)");
  const std::string sql = "ALTER TABLE sales DETACH PARTITION sales_1 CONCURRENTLY";
  auto blocker = open();
  blocker->execute("BEGIN");
  blocker->execute("SELECT count(*) FROM sales");
  Forked child([&] {
    auto mine = open();
    perform_with(*mine, sql);
  });
  ASSERT_TRUE(testing::eventually(
      [&] { return value("SELECT coalesce(bool_or(inhdetachpending), false) FROM pg_inherits") == "t"; }));
  child.kill();
  child.wait();
  { Lease lease = Lease::acquire(*connection_, names_, Identity::detect("tester", ""), {}); }
  blocker->execute("COMMIT");
  EXPECT_EQ(inspect_step(*connection_, journal()[0]), StepOutcome::half_done);
  EXPECT_EQ(perform(sql), StepResult::found_done);
  EXPECT_EQ(value("SELECT count(*) FROM pg_inherits"), "0");
}

TEST_F(StepTest, RunsRepeatableStatementsAgain) {
  EXPECT_EQ(die_at("step-after-statement", "VACUUM orders"), -SIGKILL);
  EXPECT_EQ(perform("VACUUM orders"), StepResult::ran);
}

TEST_F(StepTest, AsksAPersonAboutWhatItCannotSee) {
  const std::string name = database_.name() + "_more";
  EXPECT_EQ(die_at("step-after-statement", "CREATE DATABASE " + name), -SIGKILL);
  const Error error = failure("CREATE DATABASE " + name);
  EXPECT_EQ(error.kind, ErrorKind::partial);
  EXPECT_EQ(error.place.file, "V001.sql");
  EXPECT_THAT(error.next_step, HasSubstr("martlet repair"));
  connection_->execute("DROP DATABASE " + name);
}

TEST_F(StepTest, LetsAFailedStatementBeEdited) {
  EXPECT_EQ(die_at("journal-after-started", "CREATE INDEX CONCURRENTLY orders_buyer ON orders (byer)"), -SIGKILL);
  EXPECT_EQ(perform("INSERT INTO orders VALUES (3000, 1)"), StepResult::ran);
  EXPECT_EQ(journal()[0].state, StepState::done);
}

TEST(CursorTest, KeepsWhatItWasGiven) {
  Cursor cursor;
  cursor.set("index", "\"it's\" ünï");
  EXPECT_EQ(Cursor::parse(cursor.text()).get("index"), "\"it's\" ünï");
  EXPECT_EQ(Cursor::parse("").get("index"), "");
  EXPECT_THROW(Cursor::parse("not json"), Error);
}

}  // namespace
}  // namespace martlet
