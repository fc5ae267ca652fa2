// PostgreSQL databases, backed up and proved to come back as they were.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "backup/archive.h"
#include "backup/verify.h"
#include "tests/backup/support.h"
#include "tests/support/errors.h"

namespace martlet::testing {
namespace {

struct StringSink final : ByteSink {
  void write(std::string_view more) override { bytes += more; }
  std::string bytes;
};

std::string problems(const Verification& outcome) {
  std::string all;
  for (const std::string& each : outcome.problems) all += each + "\n";
  return all;
}

class PostgresBackup : public ::testing::Test {
 protected:
  const TemporaryFolder folder_;
  const TestDatabase database_ = fresh_database();
  const BackupSettings settings_ = settings_for(database_.url(), folder_);
};

TEST_F(PostgresBackup, EverythingThereIsComesBackAsItWas) {
  run_script(database_.url(), kEverything);
  const BackupInfo info = take_backup(settings_, {});
  const Manifest manifest = read_manifest(settings_, info.file);
  const auto rows_of = [&](const std::string& name) {
    for (const TableContent& table : manifest.contents.tables) {
      if (table.name == name) return static_cast<long>(table.sum.rows);
    }
    return -1L;
  };
  EXPECT_EQ(rows_of("Order \"Lines\""), 445);
  EXPECT_EQ(rows_of("measured_2023_one") + rows_of("measured_2023_rest") + rows_of("measured_rest"), 400);
  EXPECT_EQ(rows_of("secret"), 2);
  EXPECT_EQ(rows_of("no_columns"), 1);
  EXPECT_EQ(rows_of("scratchpad"), 10);
  EXPECT_EQ(rows_of("wide"), 3);
  EXPECT_EQ(manifest.contents.large_objects.rows, 3u);
  EXPECT_GE(manifest.contents.sequences.size(), 4u);
  const Verification outcome = verify_backup(settings_, info.file, {});
  EXPECT_TRUE(outcome.good) << problems(outcome);
  EXPECT_EQ(find_backup(settings_.store, "latest").notes.proven(), VerifyLevel::content);
}

// Roles and databases have defaults that change how values are written; the sums must not notice.
TEST_F(PostgresBackup, IsNotAlarmedByLocalesZonesAndFormats) {
  run_script(database_.url(), kEverything);
  const std::string name = quote_identifier(database_.name());
  const std::vector<std::string> settings{"TimeZone = 'Asia/Kolkata'", "TimeZone = 'America/St_Johns'",
                                          "DateStyle = 'German, DMY'", "IntervalStyle = 'sql_standard'",
                                          "bytea_output = 'escape'",   "extra_float_digits = -10",
                                          "xmloption = 'content'",     "search_path = '\"Sales Dept\"'",
                                          "row_security = off",        "synchronize_seqscans = off"};
  for (int i = 0; i < times(100); ++i) {
    const std::string& setting = settings[static_cast<std::size_t>(i) % settings.size()];
    database_.query("ALTER DATABASE " + name + " SET " + setting);
    const BackupInfo info = take_backup(settings_, {});
    const Verification outcome = verify_backup(settings_, info.file, {});
    EXPECT_TRUE(outcome.good) << setting << "\n" << problems(outcome);
    remove_backup(settings_.store, info.file);
  }
}

// The archive is made anew, digests and all, with one byte of one value changed: only the sums can tell.
TEST_F(PostgresBackup, FindsAlteredContents) {
  run_script(database_.url(), kEverything);
  const BackupInfo info = take_backup(settings_, {});
  const auto archive = open_backup(settings_, info.file);
  std::string dump;
  for (std::string_view piece = archive->next(); !piece.empty(); piece = archive->next()) dump += piece;
  const std::vector<std::pair<std::string, std::string>> changes{
      {"hush hush", "hush hash"}, {"Code17\t", "Code71\t"}, {"wide 2 ", "wide 3 "}, {"2023-07-01", "2023-07-02"}};
  for (int i = 0; i < times(20); ++i) {
    const auto& [from, to] = changes[static_cast<std::size_t>(i) % changes.size()];
    std::string altered = dump;
    const std::size_t at = altered.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    altered.replace(at, from.size(), to);
    const auto out = open_store(settings_.store)->create("test_backup_full_20200101_000000_altered.mbk");
    ArchiveWriter writer(*out, info.header, std::nullopt);
    writer.write(altered);
    writer.finish(archive->manifest().contents);
    out->commit();
    const std::string file = "test_backup_full_20200101_000000_altered.mbk";
    EXPECT_TRUE(verify_backup(settings_, file, {.level = VerifyLevel::structure}).good);
    const Verification outcome = verify_backup(settings_, file, {});
    EXPECT_FALSE(outcome.good) << from;
    EXPECT_EQ(outcome.problems.size(), 1u) << problems(outcome);
    remove_backup(settings_.store, file);
  }
}

TEST_F(PostgresBackup, IsOneStateWhileOthersWrite) {
  database_.query("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)");
  database_.query("INSERT INTO account SELECT g, 1000 FROM generate_series(1, 2000) g");
  database_.query("CREATE TABLE transfer (id bigserial, amount int)");
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    const auto connection = database_.connect();
    while (!stop) {
      connection->execute(
          "WITH t AS (INSERT INTO transfer (amount) VALUES (1) RETURNING 1) UPDATE account SET balance = "
          "balance + CASE WHEN id = 1 THEN 1 ELSE -1 END WHERE id IN (1, 2)");
      ++written;
    }
  });
  const bool writing = [&] {
    while (written == 0) std::this_thread::yield();
    return true;
  }();
  const BackupInfo info = take_backup(settings_, {});
  const int until_then = written;
  stop = true;
  writer.join();
  EXPECT_TRUE(writing && until_then > 0);
  const Verification outcome = verify_backup(settings_, info.file, {});
  EXPECT_TRUE(outcome.good) << problems(outcome);
}

TEST_F(PostgresBackup, OfTheSchemaAloneHasNoRows) {
  run_script(database_.url(), kEverything);
  const BackupInfo info = take_backup(settings_, {.type = BackupType::schema});
  EXPECT_EQ(read_manifest(settings_, info.file).contents.rows(), 0u);
  const Verification outcome = verify_backup(settings_, info.file, {});
  EXPECT_TRUE(outcome.good) << problems(outcome);
  const BackupInfo data = take_backup(settings_, {.type = BackupType::data});
  EXPECT_GT(read_manifest(settings_, data.file).contents.rows(), 800u);
  EXPECT_TRUE(verify_backup(settings_, data.file, {.level = VerifyLevel::structure}).good);
}

TEST_F(PostgresBackup, OfADamagedFileSaysSoAtEveryLevel) {
  database_.query("CREATE TABLE t AS SELECT g, md5(g::text) FROM generate_series(1, 20000) g");
  const BackupInfo info = take_backup(settings_, {});
  const std::filesystem::path path = std::filesystem::path(settings_.store.folder) / info.file;
  std::string bytes = read_file(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  write_file(path, bytes, FileMode::secret);
  for (const VerifyLevel level : {VerifyLevel::structure, VerifyLevel::restore, VerifyLevel::content}) {
    const Verification outcome = verify_backup(settings_, info.file, {.level = level});
    ASSERT_FALSE(outcome.good) << level_name(level);
    EXPECT_NE(outcome.problems.front().find("damaged"), std::string::npos) << problems(outcome);
  }
  EXPECT_FALSE(find_backup(settings_.store, info.file).notes.proven());
}

TEST_F(PostgresBackup, OfARoleThatMayNotReadEverythingIsNone) {
  database_.query("CREATE TABLE hidden (a int)");
  const TestRole role(database_);
  BackupSettings settings = settings_;
  settings.url = database_.url_as(role.name());
  const Error error = error_of([&] { take_backup(settings, {}); });
  EXPECT_NE(error.detail.find("permission denied"), std::string::npos) << error.detail;
  EXPECT_TRUE(list_backups(settings.store).empty());
}

TEST_F(PostgresBackup, KnowsTheVersionOfItsRows) {
  EXPECT_EQ(take_backup(settings_, {}).header.version, "");
  EXPECT_NE(take_backup(settings_, {}).header.lsn, "");
}

}  // namespace
}  // namespace martlet::testing
