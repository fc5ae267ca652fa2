// `doctor` and `verify` on SQLite files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/gate/world.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;

// The rights of a user who owns nothing, until the end of the scope: root may write everything.
class AsNobody {
 public:
  AsNobody() { EXPECT_EQ(seteuid(65534), 0); }
  ~AsNobody() { EXPECT_EQ(seteuid(0), 0); }
};

class HealthSqlite : public ::testing::Test {
 protected:
  HealthSqlite() {
    driver_for(world.url()).create_database(world.url());
    world.write("V1__a.sql", "CREATE TABLE a (id int);\n");
  }
  HealthResult doctor(std::string_view id) { return ask(world.target(), AskedBy::doctor, id); }
  HealthResult verify(std::string_view id) { return ask(world.target(), AskedBy::verify, id); }
  int verify_code() {
    HealthSituation situation(world.target());
    return exit_code(examine(situation, AskedBy::verify));
  }
  HealthTarget with_option(const std::string& option) {
    HealthTarget target = world.target();
    target.url = Url::parse(world.url().text() + "?" + option);
    return target;
  }

  TemporaryFolder place;
  World world{Url::parse("sqlite:" + (place / "shop.db").string())};
};

TEST_F(HealthSqlite, EverythingIsWell) {
  world.record("1");
  for (const AskedBy asker : {AskedBy::doctor, AskedBy::verify}) {
    HealthSituation situation(world.target());
    for (const HealthReport& report : examine(situation, asker)) {
      EXPECT_EQ(report.result.state, HealthState::good) << report.check->id << ": " << text_of(report.result);
    }
  }
}

TEST_F(HealthSqlite, QuestionsForPostgresAreNotAsked) {
  for (const HealthCheck* check : health_checks(AskedBy::doctor, Dialect::sqlite)) EXPECT_NE(check->id, "pooler");
}

TEST_F(HealthSqlite, FileThatIsNotThereIsNoConnection) {
  std::filesystem::remove(place / "shop.db");
  EXPECT_EQ(doctor("connectivity").state, HealthState::bad);
  EXPECT_EQ(verify_code(), 8);
}

TEST_F(HealthSqlite, FileThatTheUrlOpensForReadingOnly) {
  EXPECT_EQ(ask(with_option("mode=ro"), AskedBy::doctor, "sqlite-file").state, HealthState::bad);
  EXPECT_EQ(doctor("sqlite-file").state, HealthState::good);
}

TEST_F(HealthSqlite, FileThatOthersMayOnlyRead) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can act as somebody else";
  chmod((place / "shop.db").c_str(), 0444);
  chmod(place.path().c_str(), 0777);
  const AsNobody nobody;
  const HealthResult result = doctor("sqlite-file");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(result.message, HasSubstr("shop.db cannot be written"));
}

TEST_F(HealthSqlite, FolderThatCannotHoldAJournal) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can act as somebody else";
  chmod((place / "shop.db").c_str(), 0666);
  chmod(place.path().c_str(), 0755);
  const AsNobody nobody;
  const HealthResult result = doctor("sqlite-file");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(result.message, HasSubstr("the folder"));
}

TEST_F(HealthSqlite, FileThatAnotherProgramWritesTo) {
  const auto other = open_connection(world.url());
  other->execute("BEGIN IMMEDIATE");
  EXPECT_EQ(doctor("sqlite-file").state, HealthState::warning);
}

TEST_F(HealthSqlite, JournalThatDoesNotSurviveACrash) {
  const HealthResult result = ask(with_option("journal_mode=memory"), AskedBy::doctor, "sqlite-file");
  EXPECT_EQ(result.state, HealthState::warning);
  EXPECT_THAT(result.message, HasSubstr("journal_mode is memory"));
}

// Overwrites the second page, the root of the first table.
void damage(const std::filesystem::path& file) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(4096);
  stream << std::string(512, '\xee');
}

TEST_F(HealthSqlite, DamagedPage) {
  world.query("CREATE TABLE precious (id INTEGER PRIMARY KEY, text TEXT)");
  world.query("INSERT INTO precious (text) VALUES ('x')");
  EXPECT_EQ(doctor("sqlite-quick-check").state, HealthState::good);
  EXPECT_EQ(verify("sqlite-integrity").state, HealthState::good);
  damage(place / "shop.db");
  EXPECT_EQ(doctor("sqlite-quick-check").state, HealthState::bad);
  EXPECT_EQ(verify("sqlite-integrity").state, HealthState::bad);
  EXPECT_EQ(verify_code(), 7);
}

TEST_F(HealthSqlite, RowsThatReferToNothing) {
  world.query("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
  world.query("CREATE TABLE child (parent_id INTEGER REFERENCES parent)");
  EXPECT_EQ(verify("sqlite-foreign-keys").state, HealthState::good);
  const auto connection = open_connection(world.url());
  connection->execute("PRAGMA foreign_keys = off");
  connection->execute("INSERT INTO child VALUES (7), (8)");
  const HealthResult result = verify("sqlite-foreign-keys");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(text_of(result), HasSubstr("2 rows of child without a row in parent"));
  EXPECT_EQ(verify_code(), 7);
}

TEST_F(HealthSqlite, EditedMissingAndTampered) {
  world.write("V2__b.sql", "CREATE TABLE b (id int);\n");
  world.record("1");
  world.record("2");
  EXPECT_EQ(verify_code(), 0);
  world.write("V1__a.sql", "CREATE TABLE a (id text);\n");
  world.remove("V2__b.sql");
  world.query("UPDATE martlet_audit SET actor = 'somebody else' WHERE number = 1");
  EXPECT_THAT(text_of(verify("edited-files")), HasSubstr("-CREATE TABLE a (id int);"));
  EXPECT_EQ(verify("missing-files").state, HealthState::bad);
  EXPECT_THAT(verify("audit-chain").message, HasSubstr("event 1"));
  EXPECT_EQ(verify_code(), 4);
}

}  // namespace
}  // namespace martlet::testing
