// `doctor` on real PostgreSQL servers: each check once well and once not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "history/lease.h"
#include "scratch/scratch.h"
#include "tests/gate/world.h"
#include "tests/support/cluster.h"
#include "tests/support/pgbouncer.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DoctorPostgres : public ::testing::Test {
 protected:
  HealthResult doctor(std::string_view id) { return ask(world.target(), AskedBy::doctor, id); }
  HealthResult doctor_at(const Url& url, std::string_view id) {
    HealthTarget target = world.target();
    target.url = url;
    return ask(target, AskedBy::doctor, id);
  }
  HealthResult doctor_as(const TestRole& role, std::string_view id) {
    return doctor_at(database.url_as(role.name()), id);
  }

  TestDatabase database = fresh_database();
  World world{database.url()};
};

TEST_F(DoctorPostgres, ConnectivityNamesServerRoleAndDatabase) {
  const HealthResult result = doctor("connectivity");
  EXPECT_EQ(result.state, HealthState::good);
  EXPECT_THAT(text_of(result), HasSubstr("PostgreSQL 1"));
  EXPECT_THAT(text_of(result), HasSubstr(database.name() + " as role postgres"));
}

TEST_F(DoctorPostgres, WithoutAConnectionTheRestIsSkippedAndTheCodeIsEight) {
  HealthTarget target = world.target();
  target.url = database.url().with_database("no_such_database");
  HealthSituation situation(target);
  const auto reports = examine(situation, AskedBy::doctor);
  EXPECT_EQ(exit_code(reports), 8);
  EXPECT_EQ(reports.at(0).result.state, HealthState::bad);
  EXPECT_THAT(reports.at(0).result.next, HasSubstr("martlet db create"));
  for (const HealthReport& report : reports) {
    if (report.check->needs == HealthNeed::nothing) continue;
    EXPECT_EQ(report.result.state, HealthState::skipped) << report.check->id;
  }
}

TEST_F(DoctorPostgres, ThisServerIsSupported) {
  EXPECT_EQ(doctor("server-version").state, HealthState::good);
}

TEST_F(DoctorPostgres, PoolerIsFoundOnlyWhereThereIsOne) {
  EXPECT_EQ(doctor("pooler").state, HealthState::good);
  const PgBouncer pooler(cluster());
  HealthTarget target = world.target();
  target.url = pooler.url(database.url());
  const HealthResult through = ask(target, AskedBy::doctor, "pooler");
  EXPECT_EQ(through.state, HealthState::bad);
  EXPECT_THAT(through.next, HasSubstr("direct_url"));

  target.direct_url = database.url();
  EXPECT_THAT(ask(target, AskedBy::doctor, "pooler").message, HasSubstr("go past it"));
  target.direct_url = target.url;
  EXPECT_THAT(ask(target, AskedBy::doctor, "pooler").message, HasSubstr("direct_url goes through"));
}

TEST_F(DoctorPostgres, FreeConnectionsOfARoleThatMayHaveTwo) {
  EXPECT_EQ(doctor("free-connections").state, HealthState::good);
  const TestRole role(database, "LOGIN CONNECTION LIMIT 2");
  const HealthResult result = doctor_as(role, "free-connections");
  EXPECT_EQ(result.state, HealthState::warning);
  EXPECT_EQ(result.message, "1 of 2 left (this role)");
}

TEST_F(DoctorPostgres, FreeConnectionsOfAServerThatIsNearlyFull) {
  const LocalServer small({.settings = {{"max_connections", "6"}, {"superuser_reserved_connections", "1"}}});
  EXPECT_EQ(doctor_at(small.url(), "free-connections").state, HealthState::good);
  std::vector<std::unique_ptr<Connection>> others;
  for (int i = 0; i < 3; ++i) others.push_back(open_connection(small.url()));
  const HealthResult result = doctor_at(small.url(), "free-connections");
  EXPECT_EQ(result.state, HealthState::warning);
  EXPECT_EQ(result.message, "2 of 6 left (the server)");
}

TEST_F(DoctorPostgres, ClockThatIsAMinuteOff) {
  EXPECT_EQ(doctor("clock").state, HealthState::good);
  HealthSituation situation(world.target());
  situation.now = [] { return std::chrono::system_clock::now() + std::chrono::minutes(1); };
  const HealthResult result = ask(situation, AskedBy::doctor, "clock");
  EXPECT_EQ(result.state, HealthState::warning);
  EXPECT_THAT(result.message, HasSubstr("behind"));
  situation.now = [] { return std::chrono::system_clock::now() - std::chrono::minutes(1); };
  EXPECT_THAT(ask(situation, AskedBy::doctor, "clock").message, HasSubstr("ahead of"));
}

TEST_F(DoctorPostgres, SettingsOfThisTestServerLoseDataInACrash) {
  const HealthResult result = doctor("settings");  // its fsync is off
  EXPECT_EQ(result.state, HealthState::warning);
  EXPECT_THAT(text_of(result), HasSubstr("fsync = off"));
  EXPECT_THAT(text_of(result), Not(HasSubstr("statement_timeout")));
}

TEST_F(DoctorPostgres, SettingsOfARoleThatIsReadOnlyAndTimed) {
  const TestRole role(database);
  database.query("ALTER ROLE " + role.name() + " SET default_transaction_read_only = on");
  database.query("ALTER ROLE " + role.name() + " SET statement_timeout = '3s'");
  database.query("ALTER ROLE " + role.name() + " SET search_path = nowhere");
  const HealthResult result = doctor_as(role, "settings");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_EQ(result.kind, ErrorKind::refused);
  EXPECT_THAT(text_of(result), HasSubstr("default_transaction_read_only = on"));
  EXPECT_THAT(text_of(result), HasSubstr("statement_timeout = 3000ms"));
  EXPECT_THAT(text_of(result), HasSubstr("search_path = nowhere"));
  EXPECT_THAT(text_of(result), HasSubstr("ALTER ROLE"));
}

TEST_F(DoctorPostgres, SettingsWithNothingInTheWay) {
  const LocalServer durable({.durable = true});
  const HealthResult result = doctor_at(durable.url(), "settings");
  EXPECT_EQ(result.state, HealthState::good) << text_of(result);
}

TEST_F(DoctorPostgres, PrivilegesOfASuperuserAreEnoughAndMore) {
  EXPECT_EQ(doctor("privileges").state, HealthState::good);
  EXPECT_THAT(doctor("privileges").message, HasSubstr("superuser"));
}

TEST_F(DoctorPostgres, PrivilegesThatAreMissingAreNamedWithTheGrantsThatHelp) {
  const TestRole role(database);
  database.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  const HealthResult before = doctor_as(role, "privileges");
  EXPECT_EQ(before.state, HealthState::bad);
  EXPECT_THAT(text_of(before), HasSubstr("creating martlet's schema"));
  EXPECT_THAT(text_of(before), HasSubstr("creating in schema \"public\""));

  database.query("CREATE SCHEMA martlet AUTHORIZATION " + role.name());
  database.query("GRANT USAGE, CREATE ON SCHEMA public TO " + role.name());
  const HealthResult after = doctor_as(role, "privileges");
  EXPECT_EQ(after.state, HealthState::good) << text_of(after);
  EXPECT_THAT(text_of(after), HasSubstr("scratch_url"));
}

TEST_F(DoctorPostgres, PrivilegesOnTablesOfOthersAndOnSchemasThatMigrationsName) {
  const TestRole role(database);
  database.query("CREATE SCHEMA martlet AUTHORIZATION " + role.name());
  database.query("GRANT USAGE, CREATE ON SCHEMA public TO " + role.name());
  database.query("CREATE TABLE of_another (id int)");
  const HealthResult foreign = doctor_as(role, "privileges");
  EXPECT_EQ(foreign.state, HealthState::warning);
  EXPECT_THAT(text_of(foreign), HasSubstr("only their owner can alter"));

  database.query("CREATE SCHEMA billing");
  world.write("V1__a.sql", "CREATE TABLE billing.invoice (id int);\n");
  EXPECT_THAT(text_of(doctor_as(role, "privileges")), HasSubstr("creating in schema \"billing\""));
}

TEST_F(DoctorPostgres, PrivilegesOnMartletsTablesOfAnotherRole) {
  world.bootstrap();
  const TestRole role(database);
  database.query("GRANT USAGE, CREATE ON SCHEMA public TO " + role.name());
  EXPECT_THAT(text_of(doctor_as(role, "privileges")), HasSubstr("using martlet's schema"));
  database.query("GRANT USAGE ON SCHEMA martlet TO " + role.name());
  const HealthResult result = doctor_as(role, "privileges");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(text_of(result), HasSubstr("reading and writing martlet.schema_migrations"));
  database.query("GRANT ALL ON ALL TABLES IN SCHEMA martlet TO " + role.name());
  EXPECT_EQ(doctor_as(role, "privileges").state, HealthState::good) << text_of(doctor_as(role, "privileges"));
}

// PATH as given, restored at the end of the scope.
class Path {
 public:
  explicit Path(const std::string& value) : before_(std::getenv("PATH")) { setenv("PATH", value.c_str(), 1); }
  ~Path() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

TEST_F(DoctorPostgres, PgDumpThatFitsIsOldOrIsNotThere) {
  const TemporaryFolder programs;
  const auto doctor_with = [&](const std::string& version) {
    const auto program = programs.write("pg_dump", "#!/bin/sh\necho 'pg_dump (PostgreSQL) " + version + " (Debian)'\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    const Path path(programs.path().string());
    return doctor("pg-dump");
  };
  EXPECT_EQ(doctor_with("99.1").state, HealthState::good);
  EXPECT_EQ(doctor_with("9.6.24").state, HealthState::warning);
  EXPECT_THAT(doctor_with("9.6.24").message, HasSubstr("pg_dump 9.6.24 refuses"));
  std::filesystem::remove(programs / "pg_dump");
  const Path path(programs.path().string());
  EXPECT_THAT(doctor("pg-dump").message, HasSubstr("not installed"));
}

TEST_F(DoctorPostgres, LedgerThatIsNotThereIsThereOrIsNewer) {
  world.write("V1__a.sql", "SELECT 1;\n");
  EXPECT_THAT(doctor("ledger").message, HasSubstr("first run creates"));
  EXPECT_EQ(doctor("lease").state, HealthState::skipped);
  world.record("1");
  EXPECT_THAT(doctor("ledger").message, HasSubstr("1 migration applied"));
  database.query("INSERT INTO martlet.format VALUES (99, '99.0')");
  const HealthResult newer = doctor("ledger");
  EXPECT_EQ(newer.state, HealthState::bad);
  EXPECT_EQ(newer.kind, ErrorKind::validation);
  EXPECT_EQ(doctor("lease").state, HealthState::skipped);
}

TEST_F(DoctorPostgres, LeaseFreeAndHeldAndLeftBehind) {
  world.bootstrap();
  EXPECT_THAT(doctor("lease").message, HasSubstr("nobody"));
  const auto holder = database.connect();
  const Lease lease = Lease::acquire(*holder, world.names(), Identity::detect("ana", ""), {});
  const HealthResult held = doctor("lease");
  EXPECT_THAT(held.message, HasSubstr("at work"));
  EXPECT_THAT(text_of(held), HasSubstr("ana"));
  database.query("SELECT pg_terminate_backend(" + std::to_string(holder->backend_pid()) + ", 10000)");
  EXPECT_THAT(doctor("lease").message, HasSubstr("killed"));
}

TEST_F(DoctorPostgres, LeaseWhoseLockIsHeldWithoutARun) {
  world.bootstrap();
  const auto stranded = database.connect();
  stranded->execute("SELECT pg_advisory_lock($1::bigint)", {std::to_string(world.names().lock_key)});
  const HealthResult result = doctor("lease");
  EXPECT_EQ(result.state, HealthState::warning);
  EXPECT_THAT(text_of(result), HasSubstr(std::to_string(stranded->backend_pid())));
}

TEST_F(DoctorPostgres, ScratchDatabasesInUseAreNotLeftovers) {
  const ScratchDatabase scratch(database.url(), {});
  const std::string name = scratch.url().database();
  const HealthResult left = doctor("scratch-databases");
  EXPECT_EQ(left.state, HealthState::warning);
  EXPECT_THAT(text_of(left), HasSubstr(name));
  const auto user = open_connection(scratch.url());
  EXPECT_THAT(text_of(doctor("scratch-databases")), HasSubstr(name + ": in use now"));
}

TEST_F(DoctorPostgres, MigrationsFolderThatIsMissingEmptyFullOrBroken) {
  EXPECT_EQ(doctor("migrations-folder").state, HealthState::bad);
  std::filesystem::create_directories(world.folder() / "migrations");
  EXPECT_EQ(doctor("migrations-folder").state, HealthState::warning);
  world.write("V1__a.sql", "SELECT 1;\n");
  EXPECT_EQ(doctor("migrations-folder").state, HealthState::good);
  world.write("V2__b.sql", "-- martlet:no-such-directive\nSELECT 1;\n");
  const HealthResult unknown = doctor("migrations-folder");
  EXPECT_EQ(unknown.state, HealthState::bad);
  EXPECT_EQ(unknown.kind, ErrorKind::validation);
}

}  // namespace
}  // namespace martlet::testing
