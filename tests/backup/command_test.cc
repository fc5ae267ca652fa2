// The commands, as users and crashes meet them.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "history/audit.h"
#include "tests/backup/support.h"
#include "tests/support/martlet.h"

namespace martlet::testing {
namespace {

namespace fs = std::filesystem;

class BackupCommand : public ::testing::Test {
 protected:
  BackupCommand() {
    folder_.write("migrations/V001__orders.sql",
                  "CREATE TABLE orders (id int, state text);\n-- martlet:down\nDROP TABLE orders;\n");
    folder_.write("martlet.toml", "[environments.production]\nurl = \"env:DATABASE_URL\"\nprotected = true\n");
  }

  Finished run(std::vector<std::string> arguments, Environment environment = {}) const {
    environment.emplace("DATABASE_URL", database_.text());
    return martlet(std::move(arguments), std::move(environment), folder_.path());
  }
  nlohmann::json json(std::vector<std::string> arguments, Environment environment = {}) const {
    arguments.push_back("--json");
    const Finished finished = run(std::move(arguments), std::move(environment));
    return nlohmann::json::parse(finished.out);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    if (!fs::exists(folder_ / "backups")) return names;
    for (const auto& entry : fs::directory_iterator(folder_ / "backups"))
      names.push_back(entry.path().filename().string());
    return names;
  }
  void drop_kept() const {
    const Result found =
        database_.query("SELECT datname FROM pg_database WHERE starts_with(datname, current_database() || '_')");
    for (const Row& row : found.rows)
      driver_for(database_.url()).drop_database(database_.url().with_database(row.at(0).value()));
  }

  const TemporaryFolder folder_;
  const TestDatabase database_ = fresh_database();
};

TEST_F(BackupCommand, TakesListsVerifiesFetchesAndExpires) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const auto taken = json({"backup", "full", "--name", "before release"});
  ASSERT_TRUE(taken["ok"]) << taken;
  const std::string file = taken["backup"]["file"];
  EXPECT_TRUE(file.ends_with("_before-release.mbk")) << file;
  EXPECT_EQ(taken["backup"]["version"], "V001");
  struct stat about {};
  ASSERT_EQ(stat((folder_ / ("backups/" + file)).c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_EQ(json({"backups"})["backups"].size(), 1u);
  const Finished verified = run({"backups", "verify", "latest"});
  EXPECT_EQ(verified.exit_code, 0) << verified;
  EXPECT_EQ(json({"backups", "show", "latest"})["backup"]["verifications"][0]["level"], "content");
  EXPECT_EQ(run({"backups", "fetch", "latest", "copy.mbk"}).exit_code, 0);
  EXPECT_EQ(folder_.read("copy.mbk"), folder_.read("backups/" + file));
  EXPECT_EQ(run({"backups", "fetch", "latest", "copy.mbk"}).exit_code, 2);  // is there already

  run({"backup"}, {{"BACKUP_NAME", "second"}});
  const auto dry = json({"backups", "expire", "--dry-run"}, {{"MARTLET_BACKUP_RETENTION", "keep last 1"}});
  EXPECT_TRUE(dry["backups"][0]["keep"]);  // the newest that is verified
  run({"backups", "pin", "latest", "--reason", "audit"});
  run({"backup"});
  EXPECT_EQ(run({"backups", "expire"}, {{"MARTLET_BACKUP_RETENTION", "keep last 1"}}).exit_code, 0);
  EXPECT_EQ(json({"backups"})["backups"].size(), 3u);
  run({"backups", "pin", "second", "--remove"});
  EXPECT_EQ(run({"backups", "frob"}).exit_code, 2);
}

TEST_F(BackupCommand, PassphrasesAreNeededAgainAndNeverShown) {
  const Environment secret{{"MARTLET_BACKUP_PASSPHRASE", "correct horse battery"}};
  const Finished taken = run({"backup", "-v"}, secret);
  ASSERT_EQ(taken.exit_code, 0) << taken;
  EXPECT_EQ((taken.out + taken.err).find("correct horse"), std::string::npos);
  EXPECT_EQ(run({"backups", "verify", "latest"}, secret).exit_code, 0);
  EXPECT_EQ(run({"backups", "list"}).exit_code, 0);  // the header needs no key
  EXPECT_EQ(run({"backups", "verify", "latest"}).exit_code, 2);
  EXPECT_NE(run({"backups", "verify", "latest"}, {{"MARTLET_BACKUP_PASSPHRASE", "wrong"}}).err.find("another key"),
            std::string::npos);
  const Finished shown = run({"config"}, secret);
  EXPECT_EQ(shown.out.find("correct horse"), std::string::npos);
}

TEST_F(BackupCommand, RestoreGoesBackAndTheHistoryIsWhole) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  database_.query("INSERT INTO orders VALUES (1, 'open')");
  ASSERT_EQ(run({"backup"}).exit_code, 0);
  folder_.write("migrations/V002__lost.sql", "DELETE FROM orders;\n-- martlet:down\nSELECT 1;\n");
  folder_.write("migrations/V003__more.sql", "CREATE TABLE more (a int);\n-- martlet:down\nDROP TABLE more;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(run({"restore", "latest"}).exit_code, 9);  // nobody to ask
  const Finished restored = run({"restore", "latest", "--yes"});
  ASSERT_EQ(restored.exit_code, 0) << restored;
  EXPECT_EQ(database_.value("SELECT count(*) FROM orders"), "1");
  const auto status = json({"status"});
  EXPECT_EQ(status["current"], "V001") << status;
  EXPECT_EQ(run({"verify"}).exit_code, 0) << run({"verify"});
  const auto connection = database_.connect();
  const auto events = Audit::read(*connection, HistoryNames::make({}, Dialect::postgres));
  EXPECT_EQ(events.front().event, "restored");
  EXPECT_EQ(events.front().version_before, "V003");
  EXPECT_EQ(Audit::first_broken(events), 0);
  EXPECT_EQ(run({"restore", "latest", "--to", "V002", "--yes", "--jobs", "2"}).exit_code, 0);
  EXPECT_EQ(json({"status"})["current"], "V002");
  EXPECT_EQ(run({"up"}).exit_code, 0);
  drop_kept();
}

// What a program needed at most, its children included, in MB.
constexpr std::string_view kPeak =
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)";

TEST_F(BackupCommand, NeedsLessMemoryThanTheDatabaseIsLarge) {
  constexpr int kMost = 64;
  ASSERT_EQ(run({"up"}).exit_code, 0);
  database_.query("ALTER TABLE orders ALTER COLUMN state SET STORAGE EXTERNAL");  // as large as it looks
  database_.query(
      "INSERT INTO orders SELECT g, (SELECT string_agg(md5(g::text || i), '') FROM generate_series(1, 64) i) "
      "FROM generate_series(1, 45000) g");
  ASSERT_GT(std::stoll(database_.value("SELECT pg_database_size(current_database()) / 1048576")), kMost);
  const auto peak = [&](std::vector<std::string> arguments) {
    Command command = martlet_command(std::move(arguments), {{"DATABASE_URL", database_.text()}}, folder_.path());
    command.arguments.insert(command.arguments.begin(), {"python3", "-c", std::string(kPeak)});
    const Finished finished = testing::run(command);
    EXPECT_EQ(finished.exit_code, 0) << finished;
    return finished.exit_code == 0 ? std::stoi(finished.out) : 0;
  };
  EXPECT_LT(peak({"backup"}), kMost);
  EXPECT_LT(peak({"backups", "verify", "latest"}), kMost);
  EXPECT_LT(peak({"restore", "latest", "--yes"}), kMost);
  EXPECT_EQ(database_.value("SELECT count(*) FROM orders"), "45000");
  drop_kept();
}

TEST_F(BackupCommand, AProtectedEnvironmentWantsAReasonToo) {
  ASSERT_EQ(run({"backup"}).exit_code, 0);
  EXPECT_EQ(run({"--env", "production", "restore", "latest", "--yes"}).exit_code, 9);
  EXPECT_EQ(run({"--env", "production", "restore", "latest", "--reason", "x"}).exit_code, 9);
  EXPECT_EQ(run({"--env", "production", "restore", "latest", "--yes", "--reason", "test"}).exit_code, 0);
  drop_kept();
}

TEST_F(BackupCommand, UpTakesOneFirstWhereItIsProtected) {
  const std::vector<std::string> up{"--env", "production", "up", "--yes"};
  ASSERT_EQ(run(up).exit_code, 0);  // only adds a table
  EXPECT_TRUE(files().empty());
  folder_.write("migrations/V002__fill.sql",
                "UPDATE orders SET state = 'x' WHERE id = 1;\n-- martlet:down\nSELECT 1;\n");
  const Finished ran = run(up);
  ASSERT_EQ(ran.exit_code, 0) << ran;
  const auto backups = json({"backups"})["backups"];
  ASSERT_EQ(backups.size(), 1u);
  EXPECT_EQ(backups[0]["purpose"], "pre-migration");
  EXPECT_EQ(backups[0]["version"], "V001");
  EXPECT_EQ(backups[0]["verifications"][0]["level"], "structure");
  EXPECT_EQ(database_.value("SELECT backup_id FROM martlet.schema_migrations WHERE version = '002'"),
            backups[0]["file"]);
  EXPECT_EQ(database_.value("SELECT backup_id FROM martlet.schema_migrations WHERE version = '001'"), "");

  folder_.write("migrations/V003__fill.sql",
                "UPDATE orders SET state = 'y' WHERE id = 1;\n-- martlet:down\nSELECT 1;\n");
  EXPECT_EQ(run({"--env", "production", "up", "--yes", "--skip-backup"}).exit_code, 0);
  EXPECT_EQ(json({"backups"})["backups"].size(), 1u);
  EXPECT_EQ(database_.value("SELECT count(*) FROM martlet.audit WHERE event = 'backup-skipped'"), "1");

  folder_.write("migrations/V004__fill.sql",
                "UPDATE orders SET state = 'z' WHERE id = 1;\n-- martlet:down\nSELECT 1;\n");
  folder_.write("in-the-way", "");
  const Finished failed = run(up, {{"MARTLET_BACKUP_DIR", "in-the-way/x"}});
  EXPECT_NE(failed.exit_code, 0);
  EXPECT_NE(failed.err.find("no backup could be taken"), std::string::npos) << failed;
  EXPECT_EQ(json({"status"})["current"], "V003");
}

// Whenever it dies, no name appears that is not whole, and the next backup removes what was left.
TEST_F(BackupCommand, KilledAtAnyMomentLeavesNoHalfBackup) {
  database_.query("CREATE TABLE t AS SELECT g, md5(g::text) FROM generate_series(1, 60000) g");
  for (const std::string point : {"backup-write", "backup-write:4", "backup-before-manifest", "backup-before-name"}) {
    const Finished killed = run({"backup"}, {{"MARTLET_FAILPOINT", point}});
    ASSERT_EQ(killed.signal, SIGKILL) << point << killed;
    for (const std::string& file : files()) EXPECT_TRUE(file.ends_with(".part")) << file << " after " << point;
  }
  ASSERT_EQ(run({"backup"}).exit_code, 0);
  ASSERT_EQ(files().size(), 1u);
  EXPECT_EQ(run({"backups", "verify", "latest", "--level", "structure"}).exit_code, 0);
}

TEST_F(BackupCommand, AFullDiskIsSaidAndNothingIsLeft) {
  database_.query("CREATE TABLE t AS SELECT g, md5(g::text) FROM generate_series(1, 60000) g");
  Command command = martlet_command({"backup"}, {{"DATABASE_URL", database_.text()}}, folder_.path());
  command.arguments = {"sh", "-c", "ulimit -f 200; exec \"$0\" \"$@\"", command.arguments.at(0),
                       command.arguments.at(1)};
  const Finished full = testing::run(command);
  EXPECT_EQ(full.exit_code, 2) << full;
  EXPECT_NE(full.err.find("File too large"), std::string::npos) << full;
  EXPECT_TRUE(files().empty());
}

// Before, between and after the renames: one database has the name, and it is whole.
TEST_F(BackupCommand, ARestoreKilledAtAnyMomentLosesNothing) {
  database_.query("CREATE TABLE t AS SELECT g FROM generate_series(1, 1000) g");
  ASSERT_EQ(run({"backup"}).exit_code, 0);
  database_.query("DELETE FROM t");
  for (const std::string point : {"restore-created", "restore-filling", "restore-before-swap",
                                  "restore-between-renames", "restore-before-commit"}) {
    const Finished killed = run({"restore", "latest", "--yes"}, {{"MARTLET_FAILPOINT", point}});
    ASSERT_EQ(killed.signal, SIGKILL) << point << killed;
    EXPECT_TRUE(eventually([&] { return database_.value("SELECT count(*) FROM t") == "0"; })) << point;
  }
  const Finished killed = run({"restore", "latest", "--yes"}, {{"MARTLET_FAILPOINT", "restore-after-swap"}});
  ASSERT_EQ(killed.signal, SIGKILL);
  EXPECT_EQ(database_.value("SELECT count(*) FROM t"), "1000");
  EXPECT_TRUE(eventually([&] { return run({"restore", "latest", "--yes"}).exit_code == 0; }));
  EXPECT_EQ(database_.value("SELECT count(*) FROM t"), "1000");
  drop_kept();
}

TEST_F(BackupCommand, ASqliteRestoreKilledAtAnyMomentLosesNothing) {
  const Environment sqlite{{"DATABASE_URL", "sqlite:shop.db"}};
  const Url url = Url::parse("sqlite:" + (folder_ / "shop.db").string());
  ASSERT_EQ(run({"up"}, sqlite).exit_code, 0);
  ASSERT_EQ(run({"backup"}, sqlite).exit_code, 0);
  open_connection(url)->execute("INSERT INTO orders VALUES (1, 'since')");
  for (const std::string point :
       {"restore-created", "restore-filling", "restore-before-swap", "restore-between-renames"}) {
    Environment environment = sqlite;
    environment["MARTLET_FAILPOINT"] = point;
    const Finished killed = run({"restore", "latest", "--yes"}, environment);
    ASSERT_EQ(killed.signal, SIGKILL) << point << killed;
    EXPECT_EQ(open_connection(url)->execute("SELECT count(*) FROM orders").rows.at(0).at(0), "1") << point;
  }
  const Finished restored = run({"restore", "latest", "--yes"}, sqlite);
  ASSERT_EQ(restored.exit_code, 0) << restored;
  EXPECT_EQ(open_connection(url)->execute("SELECT count(*) FROM orders").rows.at(0).at(0), "0");
  EXPECT_EQ(run({"verify"}, sqlite).exit_code, 0);
}

}  // namespace
}  // namespace martlet::testing
