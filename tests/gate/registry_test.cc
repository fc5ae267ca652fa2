// The registry of health checks, and what the other tests of this suite share.
#include "base/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>

#include "base/text.h"
#include "history/audit.h"
#include "history/lease.h"
#include "tests/gate/world.h"

namespace martlet {

void PrintTo(HealthState state, std::ostream* stream) {
  *stream << health_word(state);
}

namespace testing {

FolderOptions World::folder_options() const {
  return {.path = (folder_ / "migrations").string(), .dialect = url_.dialect()};
}

void World::bootstrap() {
  bootstrap_history(*open_connection(url_), names(), {});
}

void World::record(const std::string& id) {
  const Folder folder = read_folder(folder_options());
  const Migration* migration = folder.find(id);
  ASSERT_NE(migration, nullptr) << id;
  const auto connection = open_connection(url_);
  const Identity who = Identity::detect("tester", "");
  bootstrap_history(*connection, names(), {});
  const Lease lease = Lease::acquire(*connection, names(), who, {});
  Audit audit = Audit::open(*connection, names());
  AppliedMigration applied;
  applied.row = {.id = migration->id,
                 .version = migration->version,
                 .name = migration->name,
                 .kind = std::string(kind_name(migration->kind)),
                 .layout = migration->layout,
                 .checksum = migration->checksum,
                 .installed_order = Ledger::read(*connection, names()).next_order(),
                 .actor = who.actor,
                 .host = who.host,
                 .run_id = who.run_id};
  applied.up_sql = migration->up.text;
  Transaction transaction(*connection);
  connection->execute(lease.fence());
  connection->execute(record_applied(names(), applied));
  connection->execute(audit.append({.event = "applied", .migration = id}, who));
  transaction.commit();
}

HealthResult ask(HealthSituation& situation, AskedBy asker, std::string_view id) {
  for (const HealthReport& report : examine(situation, asker)) {
    if (report.check->id == id) return report.result;
  }
  throw std::runtime_error("not asked: " + std::string(id));
}

HealthResult ask(const HealthTarget& target, AskedBy asker, std::string_view id) {
  HealthSituation situation(target);
  return ask(situation, asker, id);
}

std::string text_of(const HealthResult& result) {
  return result.message + "\n" + join(result.details, "\n") + "\n" + result.next;
}

namespace {

TEST(HealthRegistry, EveryFileRegistersItsCheck) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(MARTLET_SOURCE_DIR "/src/gate/health")) {
    std::string name = entry.path().stem().string();
    std::replace(name.begin(), name.end(), '_', '-');
    files.push_back(name);
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> registered;
  for (const HealthCheck* check : Registry<HealthCheck>::all()) registered.emplace_back(check->id);
  EXPECT_EQ(files, registered);
}

TEST(HealthRegistry, ConnectivityComesFirst) {
  for (const Dialect dialect : {Dialect::postgres, Dialect::sqlite}) {
    for (const AskedBy asker : {AskedBy::doctor, AskedBy::verify}) {
      EXPECT_EQ(health_checks(asker, dialect).at(0)->id, "connectivity");
    }
  }
}

HealthReport bad(ErrorKind kind) {
  return {nullptr, HealthResult::bad(kind, "", "")};
}

TEST(HealthExitCode, TheMostSeriousBadOneCounts) {
  EXPECT_EQ(exit_code(std::vector<HealthReport>{}), 0);
  EXPECT_EQ(exit_code({{nullptr, HealthResult::warning("", "")}, {nullptr, HealthResult::skipped("")}}), 0);
  EXPECT_EQ(exit_code({bad(ErrorKind::refused), bad(ErrorKind::usage)}), 2);
  EXPECT_EQ(exit_code({bad(ErrorKind::usage), bad(ErrorKind::drift)}), 7);
  EXPECT_EQ(exit_code({bad(ErrorKind::drift), bad(ErrorKind::validation)}), 4);
  EXPECT_EQ(exit_code({bad(ErrorKind::validation), bad(ErrorKind::partial)}), 6);
  EXPECT_EQ(exit_code({bad(ErrorKind::partial), bad(ErrorKind::connection)}), 8);
  EXPECT_EQ(exit_code({bad(ErrorKind::refused), bad(ErrorKind::refused)}), 9);
}

}  // namespace
}  // namespace testing
}  // namespace martlet
