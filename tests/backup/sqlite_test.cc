// SQLite files, backed up while they are used.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "backup/verify.h"
#include "tests/backup/support.h"
#include "tests/support/errors.h"

namespace martlet::testing {
namespace {

class SqliteBackup : public ::testing::TestWithParam<std::string> {
 protected:
  SqliteBackup() {
    const auto connection = open_connection(url_, {.missing = OpenOptions::Missing::create});
    connection->execute("PRAGMA journal_mode = " + GetParam());
    connection->execute(
        "CREATE TABLE \"odd \"\" name\" (a INTEGER PRIMARY KEY AUTOINCREMENT, b, c REAL, d GENERATED ALWAYS AS (a + "
        "1))");
    connection->execute("CREATE TABLE keyed (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID");
    connection->execute("CREATE VIRTUAL TABLE words USING fts5(text)");
    connection->execute("INSERT INTO words VALUES ('to be or not to be')");
    connection->execute("INSERT INTO keyed VALUES ('x', x'00ff'), ('y', NULL)");
    connection->execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
        "INSERT INTO \"odd \"\" name\" (b, c) SELECT CASE i % 3 WHEN 0 THEN i WHEN 1 THEN 'it''s ' || i END, i / 7.0 "
        "FROM n");
  }

  const TemporaryFolder folder_;
  const Url url_ = Url::parse("sqlite:" + (folder_ / "shop.db").string());
  const BackupSettings settings_ = settings_for(url_, folder_);
};

TEST_P(SqliteBackup, ComesBackAsItWas) {
  const BackupInfo info = take_backup(settings_, {});
  EXPECT_EQ(info.header.engine, "sqlite");
  const Verification outcome = verify_backup(settings_, info.file, {});
  EXPECT_TRUE(outcome.good) << outcome.problems.front();
}

TEST_P(SqliteBackup, IsOneStateWhileOthersWrite) {
  open_connection(url_)->execute("CREATE TABLE pair (a INTEGER, b INTEGER)");
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    const auto connection = open_connection(url_, {.busy_timeout = std::chrono::seconds(30)});
    while (!stop) {
      connection->execute("INSERT INTO pair VALUES (1, 1)");
      ++written;
    }
  });
  while (written == 0) std::this_thread::yield();
  const BackupInfo info = take_backup(settings_, {});
  stop = true;
  writer.join();
  EXPECT_TRUE(verify_backup(settings_, info.file, {}).good);
}

TEST_P(SqliteBackup, OfADamagedDatabaseIsRefused) {
  {
    const auto connection = open_connection(url_);
    connection->execute("PRAGMA journal_mode = DELETE");
    connection->execute("CREATE INDEX odd ON \"odd \"\" name\" (b)");
  }
  const std::filesystem::path path = folder_ / "shop.db";
  std::string bytes = read_file(path);
  for (std::size_t at = bytes.size() / 2; at < bytes.size() / 2 + 5000; ++at) bytes[at] = 'x';
  write_file(path, bytes);
  EXPECT_EQ(error_of([&] { take_backup(settings_, {}); }).kind, ErrorKind::drift);
  EXPECT_TRUE(list_backups(settings_.store).empty());
}

INSTANTIATE_TEST_SUITE_P(Journal, SqliteBackup, ::testing::Values("delete", "wal"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace martlet::testing
