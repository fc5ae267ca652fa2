// Restores: whole, in one step, and never half.
#include "backup/restore.h"

#include <gtest/gtest.h>

#include "base/cancel.h"
#include "tests/backup/support.h"
#include "tests/support/errors.h"

namespace martlet::testing {
namespace {

class PostgresRestore : public ::testing::Test {
 protected:
  ~PostgresRestore() override {
    for (const std::string& name : kept_)
      driver_for(database_.url()).drop_database(database_.url().with_database(name));
  }

  std::string put(Restore& restore) {
    kept_.push_back(restore.put_in_place());
    return kept_.back();
  }

  bool exists(const std::string& name) const {
    return driver_for(database_.url()).database_exists(database_.url().with_database(name));
  }

  const TemporaryFolder folder_;
  const TestDatabase database_ = fresh_database();
  const BackupSettings settings_ = settings_for(database_.url(), folder_);
  std::vector<std::string> kept_;
};

TEST_F(PostgresRestore, PutsTheBackupInPlaceAndKeepsTheOldDatabase) {
  run_script(database_.url(), kEverything);
  const BackupInfo info = take_backup(settings_, {});
  database_.query("UPDATE wide SET t = 'written since'");
  const auto session = database_.connect();
  {
    Restore restore(settings_, info.file, {});
    EXPECT_EQ(database_.value("SELECT count(*) FROM wide WHERE t = 'written since'"), "3");  // until it is put in place
    const std::string kept = put(restore);
    EXPECT_TRUE(kept.starts_with(database_.name() + "_before_restore_")) << kept;
    EXPECT_EQ(open_connection(database_.url().with_database(kept))->execute("SELECT max(t) FROM wide").rows.at(0).at(0),
              "written since");
  }
  EXPECT_EQ(database_.value("SELECT count(*) FROM wide WHERE t = 'written since'"), "0");
  EXPECT_EQ(database_.value("SELECT count(*) FROM totals"), "3");
  EXPECT_THROW(session->execute("SELECT 1"), ConnectionLost);
  EXPECT_FALSE(exists(database_.name() + "_restoring"));
}

TEST_F(PostgresRestore, WorksInParallelToo) {
  run_script(database_.url(), kEverything);
  const BackupInfo info = take_backup(settings_, {});
  Restore restore(settings_, info.file, {.jobs = 2});
  EXPECT_EQ(open_connection(restore.url())->execute("SELECT count(*) FROM secret").rows.at(0).at(0), "2");
}

TEST_F(PostgresRestore, CarriesOverWhatBelongsToTheDatabase) {
  const TestRole role(database_, "LOGIN CONNECTION LIMIT 7");
  const std::string name = quote_identifier(database_.name());
  const std::string who = quote_identifier(role.name());
  database_.query("CREATE SCHEMA \"a b\"");
  database_.query("ALTER DATABASE " + name + " SET search_path = \"a b\", public");
  database_.query("ALTER DATABASE " + name + " SET statement_timeout = '7min'");
  database_.query("ALTER ROLE " + who + " IN DATABASE " + name + " SET work_mem = '7MB'");
  database_.query("ALTER DATABASE " + name + " CONNECTION LIMIT 42");
  database_.query("COMMENT ON DATABASE " + name + " IS 'it''s ours'");
  database_.query("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
  database_.query("GRANT CONNECT ON DATABASE " + name + " TO " + who + " WITH GRANT OPTION");
  database_.query("ALTER DATABASE " + name + " OWNER TO " + who);
  const std::string facts =
      "SELECT d.datdba::regrole::text || d.datconnlimit::text || shobj_description(d.oid, 'pg_database') || "
      "d.datacl::text || "
      "(SELECT string_agg(s.setrole::regrole::text || s.setconfig::text, ';' ORDER BY s.setrole) FROM "
      "pg_db_role_setting s "
      "WHERE s.setdatabase = d.oid) FROM pg_database d WHERE d.datname = current_database()";
  const std::string before = database_.value(facts);
  ASSERT_NE(before, "");
  const BackupInfo info = take_backup(settings_, {});
  {
    Restore restore(settings_, info.file, {});
    put(restore);
  }
  EXPECT_EQ(database_.value(facts), before);
  for (const std::string& kept : kept_) {  // the role owns the old one too
    driver_for(database_.url()).drop_database(database_.url().with_database(kept));
  }
  kept_.clear();
  database_.query("ALTER DATABASE " + name + " OWNER TO postgres");
}

TEST_F(PostgresRestore, OfALostDatabaseMakesItAgain) {
  database_.query("CREATE TABLE t AS SELECT 7 AS a");
  const BackupInfo info = take_backup(settings_, {});
  driver_for(database_.url()).drop_database(database_.url());
  Restore restore(settings_, info.file, {});
  EXPECT_EQ(restore.put_in_place(), "");
  EXPECT_EQ(database_.value("SELECT a FROM t"), "7");
}

TEST_F(PostgresRestore, OfADamagedBackupLeavesEverythingAsItWas) {
  database_.query("CREATE TABLE t AS SELECT g FROM generate_series(1, 50000) g");
  const BackupInfo info = take_backup(settings_, {});
  const std::filesystem::path path = std::filesystem::path(settings_.store.folder) / info.file;
  std::string bytes = read_file(path);
  bytes[bytes.size() - 100] ^= 1;  // behind the data: pg_restore has seen nothing wrong
  write_file(path, bytes, FileMode::secret);
  EXPECT_EQ(error_of([&] { Restore(settings_, info.file, {}); }).kind, ErrorKind::validation);
  EXPECT_FALSE(exists(database_.name() + "_restoring"));
  EXPECT_EQ(database_.value("SELECT count(*) FROM t"), "50000");
}

TEST_F(PostgresRestore, IsOneAtATime) {
  const BackupInfo info = take_backup(settings_, {});
  const Restore first(settings_, info.file, {});
  EXPECT_EQ(error_of([&] { Restore(settings_, info.file, {}); }).kind, ErrorKind::lock);
}

TEST_F(PostgresRestore, TakesAScriptAndACustomDump) {
  folder_.write("dump.sql", "CREATE TABLE from_script (a int);\nCOPY from_script FROM stdin;\n1\n2\n\\.\n");
  {
    const auto restore = Restore::of_plain_file(settings_, folder_ / "dump.sql", {});
    put(*restore);
  }
  EXPECT_EQ(database_.value("SELECT count(*) FROM from_script"), "2");
  folder_.write("wrong.sql", "CREATE TABLE x (a int);\nCREATE TABLE x (a int);\n");
  EXPECT_NE(
      error_of([&] { Restore::of_plain_file(settings_, folder_ / "wrong.sql", {}); }).detail.find("already exists"),
      std::string::npos);
  EXPECT_EQ(database_.value("SELECT count(*) FROM from_script"), "2");
}

TEST_F(PostgresRestore, NamesThatAreTooLongAreCutWhereACharacterEnds) {
  const TestDatabase named(cluster(), std::string(20, 'x') + "äöüäöüäöüäöüäöüäöü");
  BackupSettings settings = settings_for(named.url(), folder_);
  const BackupInfo info = take_backup(settings, {});
  Restore restore(settings, info.file, {});
  const std::string kept = restore.put_in_place();
  EXPECT_LE(kept.size(), 63u);
  driver_for(named.url()).drop_database(named.url().with_database(kept));
  EXPECT_EQ(named.value("SELECT 1"), "1");
}

class SqliteRestore : public ::testing::TestWithParam<std::string> {
 protected:
  SqliteRestore() {
    const auto connection = open_connection(url_, {.missing = OpenOptions::Missing::create});
    connection->execute("PRAGMA journal_mode = " + GetParam());
    connection->execute("CREATE TABLE t (a INTEGER)");
    connection->execute("INSERT INTO t VALUES (1)");
  }
  Value value(const Url& url) const {
    return open_connection(url)->execute("SELECT group_concat(a) FROM t").rows.at(0).at(0);
  }

  const TemporaryFolder folder_;
  const Url url_ = Url::parse("sqlite:" + (folder_ / "shop.db").string());
  const BackupSettings settings_ = settings_for(url_, folder_);
};

TEST_P(SqliteRestore, PutsTheBackupInPlaceAndKeepsTheOldFile) {
  const BackupInfo info = take_backup(settings_, {});
  open_connection(url_)->execute("INSERT INTO t VALUES (2)");
  Restore restore(settings_, info.file, {});
  EXPECT_EQ(value(url_), "1,2");
  const std::string kept = restore.put_in_place();
  EXPECT_EQ(value(url_), "1");
  EXPECT_EQ(value(url_.with_database(kept)), "1,2");
}

TEST_P(SqliteRestore, WaitsForNobodyWhoIsWriting) {
  const BackupInfo info = take_backup(settings_, {});
  const auto other = open_connection(url_);
  Restore restore(settings_, info.file, {});
  other->execute("BEGIN IMMEDIATE");
  other->execute("INSERT INTO t VALUES (3)");
  EXPECT_EQ(error_of([&] { restore.put_in_place(); }).kind, ErrorKind::lock);
  other->execute("COMMIT");
  EXPECT_EQ(value(url_), "1,3");
}

INSTANTIATE_TEST_SUITE_P(Journal, SqliteRestore, ::testing::Values("delete", "wal"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace martlet::testing
