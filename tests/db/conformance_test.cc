// What every driver must do, whatever the database: one suite, each test on each driver.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/cancel.h"
#include "base/registry.h"
#include "sql/statement.h"
#include "tests/support/cluster.h"
#include "tests/support/errors.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

namespace martlet {
namespace {

using testing::error_of;
using testing::eventually;

// An empty database of one driver.
struct Database {
  virtual ~Database() = default;
  virtual const Url& url() const = 0;
};

struct PostgresDatabase : Database {
  testing::TestDatabase database = testing::fresh_database();
  const Url& url() const override { return database.url(); }
};

struct SqliteDatabase : Database {
  testing::TemporaryFolder folder;
  Url location = Url::parse("sqlite:" + (folder / "test.db").string());
  SqliteDatabase() { driver_for(location).create_database(location); }
  const Url& url() const override { return location; }
};

struct Candidate {
  std::string_view driver;
  std::unique_ptr<Database> (*make)();
  std::string_view endless;  // a statement that runs until it is stopped
  std::string_view unique_violation;
  std::string_view missing_table;
};

void PrintTo(const Candidate& candidate, std::ostream* stream) {
  *stream << candidate.driver;
}

template <class T>
std::unique_ptr<Database> make() {
  return std::make_unique<T>();
}

const Candidate kCandidates[] = {
    {"postgres", make<PostgresDatabase>, "SELECT pg_sleep(600)", "23505", "42P01"},
    {"sqlite", make<SqliteDatabase>,
     "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r", "SQLITE_CONSTRAINT_UNIQUE",
     "SQLITE_ERROR"},
};

class Conformance : public ::testing::TestWithParam<Candidate> {
 protected:
  void TearDown() override { cancel::reset(); }

  std::unique_ptr<Connection> connect() { return open_connection(database_->url()); }
  std::string value(std::string_view sql, std::vector<Value> parameters = {}) {
    const Result result = connection_->execute(sql, std::move(parameters));
    return result.rows.at(0).at(0).value_or("NULL");
  }
  std::unique_ptr<Database> database_ = GetParam().make();
  std::unique_ptr<Connection> connection_ = connect();
};

TEST_P(Conformance, KnowsItself) {
  EXPECT_EQ(connection_->dialect(), database_->url().dialect());
  EXPECT_EQ(driver_for(database_->url()).id, GetParam().driver);
  EXPECT_GE(connection_->version(), connection_->dialect() == Dialect::postgres ? 130000 : 3038000);
  EXPECT_FALSE(connection_->behind_pooler());
}

TEST_P(Conformance, ReturnsColumnsRowsAndNull) {
  const Result result = connection_->execute("SELECT 1 AS one, NULL AS missing, '' AS empty, 'ä' AS letter");
  EXPECT_EQ(result.columns, (std::vector<std::string>{"one", "missing", "empty", "letter"}));
  ASSERT_EQ(result.rows.size(), 1U);
  EXPECT_EQ(result.rows[0], (Row{"1", std::nullopt, "", "ä"}));
  EXPECT_EQ(result.affected, 0);
}

TEST_P(Conformance, ReturnsNoRowsButColumns) {
  const Result result = connection_->execute("SELECT 1 AS one WHERE 1 = 0");
  EXPECT_EQ(result.columns, std::vector<std::string>{"one"});
  EXPECT_TRUE(result.rows.empty());
}

TEST_P(Conformance, BindsParametersInAnyOrderAndRepeated) {
  connection_->execute("CREATE TABLE t (a integer, b text)");
  connection_->execute("INSERT INTO t (b, a) VALUES ($2, $1)", {"7", "it's; DROP TABLE t; --"});
  connection_->execute("INSERT INTO t (b, a) VALUES ($1, $2)", {std::nullopt, "8"});
  EXPECT_EQ(value("SELECT b FROM t WHERE a = $1 AND a <= $1", {"7"}), "it's; DROP TABLE t; --");
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b IS NULL AND a = $1", {"8"}), "1");
}

TEST_P(Conformance, RefusesMissingAndSurplusParameters) {
  EXPECT_THROW(connection_->execute("SELECT $1 || $2", {"a"}), Error);
  EXPECT_THROW(connection_->execute("SELECT 'x' || $1", {"a", "b"}), Error);
  EXPECT_THROW(connection_->execute("SELECT 'x' || $1"), Error);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_P(Conformance, CountsAffectedRows) {
  EXPECT_EQ(connection_->execute("CREATE TABLE t (a integer)").affected, 0);
  EXPECT_EQ(connection_->execute("INSERT INTO t VALUES (1), (2), (3)").affected, 3);
  EXPECT_EQ(connection_->execute("UPDATE t SET a = a + 1 WHERE a > 1").affected, 2);
  EXPECT_EQ(connection_->execute("UPDATE t SET a = 0 WHERE a > 99").affected, 0);
  EXPECT_EQ(connection_->execute("CREATE TABLE u (a integer)").affected, 0);
  EXPECT_EQ(connection_->execute("DELETE FROM t").affected, 3);
}

TEST_P(Conformance, AcceptsExactlyOneStatement) {
  EXPECT_THROW(connection_->execute("CREATE TABLE a (x integer); CREATE TABLE b (x integer)"), Error);
  EXPECT_THROW(connection_->execute("SELECT 1; nonsense"), Error);
  EXPECT_THROW(connection_->execute("SELECT * FROM a"), Error) << "the first of two statements was run";
  EXPECT_EQ(value("SELECT 1; -- the end"), "1");
  EXPECT_EQ(value("/* first */ SELECT 2;"), "2");
}

TEST_P(Conformance, AnEmptyStatementDoesNothing) {
  const Result result = connection_->execute(" -- nothing here\n");
  EXPECT_TRUE(result.columns.empty());
  EXPECT_TRUE(result.rows.empty());
}

TEST_P(Conformance, ErrorsCarryCodeStatementAndPosition) {
  const std::string sql = "SELECT 'äöü', nowhere FROM (SELECT 1 AS x) AS y";
  const Error error = error_of([&] { connection_->execute(sql); });
  EXPECT_EQ(error.kind, ErrorKind::migration_failed);
  EXPECT_EQ(error.statement, sql);
  EXPECT_EQ(error.position, 15) << "in characters, from 1";
  EXPECT_FALSE(error.message.empty());
  EXPECT_EQ(error_of([&] { connection_->execute("SELECT * FROM nowhere"); }).sqlstate, GetParam().missing_table);
}

TEST_P(Conformance, ConstraintViolationsHaveTheirOwnCode) {
  connection_->execute("CREATE TABLE t (a integer UNIQUE)");
  connection_->execute("INSERT INTO t VALUES (1)");
  const Error error = error_of([&] { connection_->execute("INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(error.sqlstate, GetParam().unique_violation);
}

TEST_P(Conformance, TransactionsCommitOnlyWhenAsked) {
  connection_->execute("CREATE TABLE t (a integer)");
  {
    Transaction transaction(*connection_);
    connection_->execute("INSERT INTO t VALUES (1)");
    EXPECT_TRUE(connection_->in_transaction());
  }
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(value("SELECT count(*) FROM t"), "0");
  Transaction transaction(*connection_);
  connection_->execute("INSERT INTO t VALUES (1)");
  transaction.commit();
  EXPECT_EQ(value("SELECT count(*) FROM t"), "1");
}

TEST_P(Conformance, RollbackWithoutTransactionDoesNothing) {
  connection_->rollback();
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_P(Conformance, SchemaChangesRollBack) {
  {
    Transaction transaction(*connection_);
    connection_->execute("CREATE TABLE t (a integer)");
  }
  EXPECT_THROW(connection_->execute("SELECT * FROM t"), Error);
}

TEST_P(Conformance, PipelineReportsEachStatementInOrder) {
  const std::vector<Request> requests{{"BEGIN", {}},
                                      {"CREATE TABLE t (a integer)", {}},
                                      {"INSERT INTO t VALUES ($1), ($2)", {"1", "2"}},
                                      {"SELECT a FROM t ORDER BY a", {}},
                                      {"COMMIT", {}}};
  std::vector<Completion> completions;
  connection_->pipeline(requests, [&](Completion&& completion) { completions.push_back(std::move(completion)); });
  ASSERT_EQ(completions.size(), requests.size());
  for (std::size_t i = 0; i < completions.size(); ++i) EXPECT_EQ(completions[i].index, i);
  EXPECT_EQ(completions[2].result.affected, 2);
  EXPECT_EQ(completions[3].result.rows.at(1).at(0), "2");
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(value("SELECT count(*) FROM t"), "2");
}

TEST_P(Conformance, PipelineNamesTheStatementThatFailedAndSkipsTheCommit) {
  const std::vector<Request> requests{{"BEGIN", {}},
                                      {"CREATE TABLE t (a integer)", {}},
                                      {"INSERT INTO nowhere VALUES (1)", {}},
                                      {"CREATE TABLE u (a integer)", {}},
                                      {"COMMIT", {}}};
  std::size_t completed = 0;
  const auto error =
      error_of<StatementFailed>([&] { connection_->pipeline(requests, [&](Completion&&) { ++completed; }); });
  EXPECT_EQ(error.index, 2U);
  EXPECT_EQ(completed, 2U);
  EXPECT_EQ(error.sqlstate, GetParam().missing_table);
  EXPECT_EQ(error.statement, requests[2].sql);
  EXPECT_TRUE(connection_->in_transaction()) << "left as it is, for the caller to roll back";
  connection_->rollback();
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_THROW(connection_->execute("SELECT * FROM t"), Error);
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_P(Conformance, PipelineNeedsATransaction) {
  const std::vector<Request> requests{{"CREATE TABLE t (a integer)", {}}};
  EXPECT_EQ(error_of([&] { connection_->pipeline(requests, nullptr); }).kind, ErrorKind::usage);
  const Transaction transaction(*connection_);
  connection_->pipeline(requests, nullptr);
  EXPECT_TRUE(connection_->in_transaction());
  EXPECT_EQ(value("SELECT count(*) FROM t"), "0");
}

TEST_P(Conformance, AnEmptyPipelineIsNothing) {
  connection_->pipeline({}, nullptr);
  EXPECT_EQ(value("SELECT 1"), "1");
}

// More than any socket buffer holds, in both directions.
TEST_P(Conformance, HugePipelinesDoNotDeadlock) {
  const std::string wide(20'000, 'x');
  std::vector<Request> requests{{"BEGIN", {}}};
  for (int i = 0; i < 2'000; ++i) requests.push_back({"SELECT $1 || $1", {wide}});
  requests.push_back({"COMMIT", {}});
  std::size_t bytes = 0;
  connection_->pipeline(requests, [&](Completion&& completion) {
    for (const Row& row : completion.result.rows) bytes += row.at(0)->size();
  });
  EXPECT_EQ(bytes, 2'000U * 40'000U);
}

TEST_P(Conformance, AThrowingCallbackLeavesAUsableSession) {
  const std::vector<Request> requests{{"BEGIN", {}}, {"SELECT 1", {}}, {"SELECT 2", {}}, {"SELECT 3", {}}};
  EXPECT_THROW(connection_->pipeline(requests,
                                     [](Completion&& completion) {
                                       if (completion.index == 1) throw std::runtime_error("stop");
                                     }),
               std::runtime_error);
  connection_->rollback();
  EXPECT_EQ(value("SELECT 4"), "4");
}

TEST_P(Conformance, AThrowingWaitCallbackStopsTheStatement) {
  connection_->while_waiting([](std::chrono::milliseconds) { throw std::runtime_error("stop"); });
  EXPECT_THROW(connection_->execute(GetParam().endless), std::runtime_error);
  connection_->while_waiting(nullptr);
  EXPECT_EQ(value("SELECT 4"), "4");
}

TEST_P(Conformance, ACallbackThatThrewOnceIsCalledAgain) {
  int calls = 0;
  connection_->while_waiting([&](std::chrono::milliseconds) {
    ++calls;
    throw std::runtime_error("stop");
  });
  EXPECT_THROW(connection_->execute(GetParam().endless), std::runtime_error);
  EXPECT_THROW(connection_->execute(GetParam().endless), std::runtime_error);
  EXPECT_EQ(calls, 2);
}

TEST_P(Conformance, CancelFromAnotherThread) {
  std::atomic<bool> runs = false;
  connection_->while_waiting([&](std::chrono::milliseconds) { runs = true; });
  std::thread canceller([&] {
    EXPECT_TRUE(eventually([&] { return runs.load(); }));
    connection_->cancel();
  });
  const Error error = error_of([&] { connection_->execute(GetParam().endless); });
  canceller.join();
  EXPECT_EQ(error.kind, ErrorKind::cancelled);
  EXPECT_EQ(value("SELECT 1"), "1") << "the session goes on";
}

TEST_P(Conformance, CancelWithoutStatementDoesNothing) {
  connection_->cancel();
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_P(Conformance, ACancelRequestStopsTheStatementAndRollbackStillWorks) {
  connection_->execute("BEGIN");
  connection_->while_waiting([&](std::chrono::milliseconds) { cancel::request(); });
  EXPECT_EQ(error_of([&] { connection_->execute(GetParam().endless); }).kind, ErrorKind::cancelled);
  EXPECT_EQ(error_of([&] { connection_->execute("SELECT 1"); }).kind, ErrorKind::cancelled) << "before it is sent";
  connection_->rollback();
  EXPECT_FALSE(connection_->in_transaction());
  cancel::reset();
  EXPECT_EQ(value("SELECT 1"), "1");
}

TEST_P(Conformance, ACancelInsideAPipelineSkipsTheCommit) {
  const std::vector<Request> requests{
      {"BEGIN", {}}, {"CREATE TABLE t (a integer)", {}}, {std::string(GetParam().endless), {}}, {"COMMIT", {}}};
  connection_->while_waiting([&](std::chrono::milliseconds) { cancel::request(); });
  const auto error = error_of<StatementFailed>([&] { connection_->pipeline(requests, nullptr); });
  cancel::reset();
  EXPECT_EQ(error.index, 2U);
  EXPECT_EQ(error.kind, ErrorKind::cancelled);
  connection_->rollback();
  EXPECT_THROW(connection_->execute("SELECT * FROM t"), Error);
}

TEST_P(Conformance, CallsBackWhileAStatementRuns) {
  std::vector<std::chrono::milliseconds> calls;
  connection_->while_waiting([&](std::chrono::milliseconds elapsed) {
    calls.push_back(elapsed);
    EXPECT_NO_THROW(connect()) << "other connections may be used meanwhile";
    if (calls.size() == 3) connection_->cancel();
  });
  EXPECT_THROW(connection_->execute(GetParam().endless), Error);
  ASSERT_GE(calls.size(), 3U);
  EXPECT_TRUE(std::is_sorted(calls.begin(), calls.end()));
}

TEST_P(Conformance, ALockThatIsNotHadInTimeIsALockTimeout) {
  connection_->execute("CREATE TABLE t (a integer)");
  const auto other = connect();
  const Transaction holder(*other);
  other->execute("INSERT INTO t VALUES (1)");
  if (connection_->dialect() == Dialect::postgres) connection_->execute("SET lock_timeout = '50ms'");
  const auto error = error_of<LockTimeout>([&] { connection_->execute("ALTER TABLE t ADD COLUMN b integer"); });
  EXPECT_EQ(error.kind, ErrorKind::lock);
  EXPECT_TRUE(error.sqlstate == "55P03" || error.sqlstate == "SQLITE_BUSY") << error.sqlstate;
}

TEST_P(Conformance, ALockTimeoutInsideAPipelineKeepsIndexAndKind) {
  connection_->execute("CREATE TABLE t (a integer)");
  const auto other = connect();
  const Transaction holder(*other);
  other->execute("INSERT INTO t VALUES (1)");
  const bool postgres = connection_->dialect() == Dialect::postgres;
  const std::vector<Request> requests{{"BEGIN", {}},
                                      {postgres ? "SET LOCAL lock_timeout = '50ms'" : "SELECT 1", {}},
                                      {"ALTER TABLE t ADD COLUMN b integer", {}}};
  const auto error = error_of<StatementFailed>([&] { connection_->pipeline(requests, nullptr); });
  EXPECT_EQ(error.index, 2U);
  EXPECT_EQ(error.kind, ErrorKind::lock);
  connection_->rollback();
}

TEST_P(Conformance, NamesWithQuotesSpacesAndUnicode) {
  const std::string longest = std::string(59, 'n') + "ä" + "öx";
  for (const std::string& name : {std::string("two words"), std::string("say \"hi\""), std::string("über"),
                                  std::string("it's"), longest.substr(0, 63)}) {
    const std::string quoted = quote_identifier(name);
    connection_->execute("CREATE TABLE " + quoted + " (" + quoted + " integer)");
    EXPECT_EQ(connection_->execute("SELECT * FROM " + quoted).columns, std::vector<std::string>{name});
  }
}

TEST_P(Conformance, DatabasesAreCreatedFoundAndDropped) {
  const Driver& driver = driver_for(database_->url());
  const Url other = database_->url().with_database("another \"one\" – ü");
  EXPECT_EQ(driver.database_exists(other), false);
  EXPECT_EQ(error_of([&] { open_connection(other); }).kind, ErrorKind::connection);
  driver.create_database(other);
  EXPECT_TRUE(driver.database_exists(other));
  EXPECT_THROW(driver.create_database(other), Error);
  open_connection(other)->execute("CREATE TABLE t (a integer)");
  driver.drop_database(other);
  EXPECT_FALSE(driver.database_exists(other));
  EXPECT_THROW(driver.drop_database(other), Error);
}

TEST_P(Conformance, AMissingDatabaseIsExplained) {
  const Error error = error_of([&] { open_connection(database_->url().with_database("no_such")); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_NE(error.message.find("no_such"), std::string::npos) << error.message;
  EXPECT_NE(error.next_step.find("martlet db create"), std::string::npos) << error.next_step;
}

INSTANTIATE_TEST_SUITE_P(Drivers, Conformance, ::testing::ValuesIn(kCandidates),
                         [](const auto& candidate) { return std::string(candidate.param.driver); });

}  // namespace
}  // namespace martlet
