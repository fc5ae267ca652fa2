// What only SQLite does, and every way a file can be no database.
#include <gtest/gtest.h>

#include <filesystem>

#include "db/connection.h"
#include "tests/support/errors.h"
#include "tests/support/folder.h"

namespace martlet {
namespace {

using testing::error_of;

class Sqlite : public ::testing::Test {
 protected:
  Url url(std::string_view name, std::string_view options = "") const {
    return Url::parse("sqlite:" + (folder_ / name).string() + std::string(options));
  }
  std::unique_ptr<Connection> create(std::string_view name, std::string_view options = "") const {
    return open_connection(url(name, options), {.missing = OpenOptions::Missing::create});
  }
  testing::TemporaryFolder folder_;
};

TEST_F(Sqlite, MemoryIsEmptyAndItsOwn) {
  const auto one = open_connection(Url::parse("sqlite::memory:"));
  const auto two = open_connection(Url::parse("sqlite::memory:"));
  one->execute("CREATE TABLE t (a integer)");
  EXPECT_THROW(two->execute("SELECT * FROM t"), Error);
}

TEST_F(Sqlite, AMissingFileIsCreatedOnlyWhenAsked) {
  const Error error = error_of([&] { open_connection(url("a.db")); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_NE(error.message.find("does not exist"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.db"));
  create("a.db")->execute("CREATE TABLE t (a integer)");
  EXPECT_NO_THROW(open_connection(url("a.db"))->execute("SELECT * FROM t"));
}

TEST_F(Sqlite, AMissingFolderIsNamed) {
  const Error error = error_of([&] { create("no/such/a.db"); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_NE(error.message.find("no/such"), std::string::npos) << error.message;
}

TEST_F(Sqlite, AFolderIsNoDatabase) {
  EXPECT_EQ(error_of([&] { open_connection(Url::parse("sqlite:" + folder_.path().string())); }).kind,
            ErrorKind::connection);
}

TEST_F(Sqlite, AnotherKindOfFileIsNoDatabaseAndStaysAsItIs) {
  const std::string content(5000, 'x');
  folder_.write("a.txt", content);
  const Error error = error_of([&] { open_connection(url("a.txt")); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_EQ(error.sqlstate, "SQLITE_NOTADB");
  EXPECT_EQ(folder_.read("a.txt"), content);
}

TEST_F(Sqlite, AnEmptyFileIsAnEmptyDatabase) {
  folder_.write("a.db", "");
  EXPECT_NO_THROW(open_connection(url("a.db"))->execute("CREATE TABLE t (a integer)"));
}

TEST_F(Sqlite, AReadOnlyDatabaseCanBeReadOnly) {
  create("a.db")->execute("CREATE TABLE t (a integer)");
  const auto connection = open_connection(url("a.db", "?mode=ro"));
  EXPECT_TRUE(connection->execute("SELECT * FROM t").rows.empty());
  const Error error = error_of([&] { connection->execute("INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(error.sqlstate, "SQLITE_READONLY");
  EXPECT_FALSE(error.hint.empty());
}

TEST_F(Sqlite, AFullDatabaseIsExplainedAndRollsBack) {
  const auto connection = create("a.db");
  connection->execute("CREATE TABLE t (a text)");
  connection->execute("PRAGMA max_page_count = 20");
  connection->execute("BEGIN");
  const Error error = error_of([&] {
    for (int i = 0; i < 100; ++i) connection->execute("INSERT INTO t VALUES ($1)", {std::string(3000, 'x')});
  });
  EXPECT_EQ(error.sqlstate, "SQLITE_FULL");
  EXPECT_FALSE(error.hint.empty());
  connection->rollback();
  EXPECT_EQ(connection->execute("SELECT count(*) FROM t").rows.at(0).at(0), "0");
}

TEST_F(Sqlite, ForeignKeysAreAsTheUrlSays) {
  const auto foreign_keys = [](Connection& connection) {
    return connection.execute("PRAGMA foreign_keys").rows.at(0).at(0).value();
  };
  EXPECT_EQ(foreign_keys(*create("a.db")), "0");
  EXPECT_EQ(foreign_keys(*create("a.db", "?foreign_keys=on")), "1");
  EXPECT_EQ(create("a.db", "?journal_mode=wal")->execute("PRAGMA journal_mode").rows.at(0).at(0), "wal");
}

TEST_F(Sqlite, ALockedFileCanStillBeOpened) {
  const auto holder = create("a.db");
  holder->execute("CREATE TABLE t (a integer)");
  holder->execute("BEGIN EXCLUSIVE");
  const auto other = open_connection(url("a.db"));
  EXPECT_THROW(other->execute("SELECT * FROM t"), LockTimeout);
  holder->rollback();
  EXPECT_NO_THROW(other->execute("SELECT * FROM t"));
}

TEST_F(Sqlite, WaitsForALockAsLongAsItIsToldTo) {
  const auto holder = create("a.db");
  holder->execute("CREATE TABLE t (a integer)");
  holder->execute("BEGIN IMMEDIATE");
  const auto other = open_connection(url("a.db"), {.busy_timeout = std::chrono::minutes(10)});
  other->while_waiting([&](std::chrono::milliseconds) { holder->rollback(); });
  EXPECT_NO_THROW(other->execute("INSERT INTO t VALUES (1)"));
}

TEST_F(Sqlite, ACommitThatIsBusyLeavesTheTransactionOpen) {
  const auto writer = create("a.db");
  writer->execute("CREATE TABLE t (a integer)");
  const auto reader = open_connection(url("a.db"));
  Transaction reading(*reader, Transaction::Mode::read_write);
  reader->execute("SELECT * FROM t");
  const std::vector<Request> requests{{"BEGIN IMMEDIATE", {}}, {"INSERT INTO t VALUES (1)", {}}, {"COMMIT", {}}};
  const auto error = error_of<StatementFailed>([&] { writer->pipeline(requests, nullptr); });
  EXPECT_EQ(error.index, 2U);
  EXPECT_EQ(error.kind, ErrorKind::lock);
  EXPECT_TRUE(writer->in_transaction());
  reading.commit();
  writer->execute("COMMIT");
  EXPECT_EQ(reader->execute("SELECT count(*) FROM t").rows.at(0).at(0), "1");
}

TEST_F(Sqlite, TriggersKeepTheirInnerSemicolons) {
  const auto connection = create("a.db");
  connection->execute("CREATE TABLE t (a integer)");
  connection->execute("CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 1; UPDATE t SET a = a + 1; END;");
  connection->execute("INSERT INTO t VALUES (0)");
  EXPECT_EQ(connection->execute("SELECT a FROM t").rows.at(0).at(0), "2");
}

TEST_F(Sqlite, NamedParametersWithoutAValueAreRefused) {
  const auto connection = create("a.db");
  for (const char* sql : {"SELECT :name", "SELECT ?", "SELECT @x", "SELECT $name", "SELECT $0"}) {
    EXPECT_EQ(error_of([&] { connection->execute(sql, {"1"}); }).sqlstate, "SQLITE_RANGE") << sql;
  }
}

TEST_F(Sqlite, HasNoCopy) {
  const auto connection = create("a.db");
  EXPECT_THROW(connection->copy_in("COPY t FROM stdin", ""), Error);
  EXPECT_THROW(connection->copy_out("COPY t TO stdout", [](std::string_view) {}), Error);
}

TEST_F(Sqlite, DroppingRemovesTheFilesBesideIt) {
  const auto holder = create("a.db", "?journal_mode=wal");
  holder->execute("CREATE TABLE t (a integer)");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "a.db-wal"));
  driver_for(url("a.db")).drop_database(url("a.db"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace martlet
