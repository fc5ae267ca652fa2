// `verify` on a real PostgreSQL server: each check once well and once not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "history/journal.h"
#include "history/lease.h"
#include "tests/gate/world.h"
#include "tests/support/cluster.h"
#include "tests/support/errors.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;

class VerifyPostgres : public ::testing::Test {
 protected:
  HealthResult verify(std::string_view id) { return ask(world.target(), AskedBy::verify, id); }
  int verify_code() {
    HealthSituation situation(world.target());
    return exit_code(examine(situation, AskedBy::verify));
  }
  void apply_two() {
    world.write("V1__first.sql", "CREATE TABLE a (id int);\n");
    world.write("V2__second.sql", "CREATE TABLE b (id int);\n");
    world.record("1");
    world.record("2");
  }

  TestDatabase database = fresh_database();
  World world{database.url()};
};

TEST_F(VerifyPostgres, NothingIsWrong) {
  apply_two();
  HealthSituation situation(world.target());
  for (const HealthReport& report : examine(situation, AskedBy::verify)) {
    EXPECT_EQ(report.result.state, HealthState::good) << report.check->id << ": " << text_of(report.result);
  }
  EXPECT_EQ(verify_code(), 0);
}

TEST_F(VerifyPostgres, EditedFileIsShownWithItsDifference) {
  apply_two();
  world.write("V1__first.sql", "CREATE TABLE a (id bigint);\n");
  const HealthResult result = verify("edited-files");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(text_of(result), HasSubstr("-CREATE TABLE a (id int);"));
  EXPECT_THAT(text_of(result), HasSubstr("+CREATE TABLE a (id bigint);"));
  EXPECT_EQ(verify_code(), 4);
}

TEST_F(VerifyPostgres, MissingFile) {
  apply_two();
  world.remove("V2__second.sql");
  const HealthResult result = verify("missing-files");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(text_of(result), HasSubstr("second"));
  EXPECT_EQ(verify_code(), 4);
}

TEST_F(VerifyPostgres, PendingIsFineUnlessSomethingLaterIsApplied) {
  world.write("V1__first.sql", "SELECT 1;\n");
  world.write("V2__second.sql", "SELECT 1;\n");
  world.record("1");
  EXPECT_EQ(verify("out-of-order").message, "1 pending, in order");
  world.write("V3__third.sql", "SELECT 1;\n");
  world.record("3");
  const HealthResult result = verify("out-of-order");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(text_of(result), HasSubstr("second"));
  EXPECT_EQ(verify_code(), 4);
}

TEST_F(VerifyPostgres, HalfDoneMigrationIsCodeSixUnlessARunIsAtWork) {
  apply_two();
  const auto connection = database.connect();
  const Identity who = Identity::detect("ana", "");
  {
    const Lease lease = Lease::acquire(*connection, world.names(), who, {});
    connection->execute(journal_write(
        world.names(),
        {.run_id = who.run_id, .migration = "3", .direction = "up", .step = 1, .state = StepState::started}, who));
    EXPECT_EQ(verify("unfinished-runs").state, HealthState::warning);
  }
  const HealthResult result = verify("unfinished-runs");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(text_of(result), HasSubstr("3 up: statement 2"));
  EXPECT_THAT(result.next, HasSubstr("martlet resume"));
  EXPECT_EQ(verify_code(), 6);
}

TEST_F(VerifyPostgres, TamperedAndRemovedAuditEvents) {
  apply_two();
  EXPECT_EQ(verify("audit-chain").message, "2 events intact");
  database.query("UPDATE martlet.audit SET actor = 'somebody else' WHERE number = 2");
  EXPECT_THAT(verify("audit-chain").message, HasSubstr("event 2"));
  EXPECT_EQ(verify_code(), 4);
  database.query("DELETE FROM martlet.audit WHERE number = 1");
  EXPECT_THAT(verify("audit-chain").message, HasSubstr("event 1"));
}

TEST_F(VerifyPostgres, IndexLeftInvalidByAFailedConcurrentBuild) {
  database.query("CREATE TABLE doubles AS SELECT 1 AS n FROM generate_series(1, 2)");
  EXPECT_EQ(verify("invalid-indexes").state, HealthState::good);
  error_of([&] { database.query("CREATE UNIQUE INDEX CONCURRENTLY \"left over\" ON doubles (n)"); });
  const HealthResult result = verify("invalid-indexes");
  EXPECT_EQ(result.state, HealthState::bad);
  EXPECT_THAT(text_of(result), HasSubstr("public.\"left over\" on doubles"));
  EXPECT_EQ(verify_code(), 7);
}

TEST_F(VerifyPostgres, IndexOfAPartitionedTableIsOnlyNoted) {
  database.query("CREATE TABLE parted (n int) PARTITION BY LIST (n)");
  database.query("CREATE TABLE part PARTITION OF parted FOR VALUES IN (1)");
  database.query("CREATE INDEX whole ON ONLY parted (n)");
  const HealthResult result = verify("invalid-indexes");
  EXPECT_EQ(result.state, HealthState::good);
  EXPECT_THAT(text_of(result), HasSubstr("not every partition"));
}

TEST_F(VerifyPostgres, IndexBeingBuiltNowIsNotLeftBehind) {
  database.query("CREATE TABLE waiting (n int)");
  const auto writer = database.connect();
  writer->execute("BEGIN");
  writer->execute("INSERT INTO waiting VALUES (1)");  // the build waits for this transaction
  const auto builder = database.connect();
  HealthResult seen;
  bool asked = false;
  builder->while_waiting([&](std::chrono::milliseconds) {
    if (asked || database.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid") != "1") return;
    asked = true;
    seen = verify("invalid-indexes");
    writer->execute("COMMIT");
  });
  builder->execute("CREATE INDEX CONCURRENTLY slow ON waiting (n)");
  EXPECT_EQ(seen.state, HealthState::good);
  EXPECT_THAT(text_of(seen), HasSubstr("slow on waiting: being built now"));
  EXPECT_EQ(verify("invalid-indexes").message, "none");
}

TEST_F(VerifyPostgres, ConstraintThatWasNeverValidated) {
  apply_two();
  database.query("CREATE TABLE t (n int)");
  EXPECT_EQ(verify("unvalidated-constraints").state, HealthState::good);
  database.query("ALTER TABLE t ADD CONSTRAINT positive CHECK (n > 0) NOT VALID");
  const HealthResult result = verify("unvalidated-constraints");
  EXPECT_EQ(result.state, HealthState::warning);
  EXPECT_THAT(result.next, HasSubstr("ALTER TABLE t VALIDATE CONSTRAINT positive"));
  EXPECT_EQ(verify_code(), 0) << "a warning";
  database.query("ALTER TABLE t VALIDATE CONSTRAINT positive");
  EXPECT_EQ(verify("unvalidated-constraints").state, HealthState::good);
}

TEST_F(VerifyPostgres, UnreadableHistoryIsBadAndWhatNeedsItIsSkipped) {
  apply_two();
  const TestRole role(database);
  HealthTarget target = world.target();
  target.url = database.url_as(role.name());
  EXPECT_EQ(ask(target, AskedBy::verify, "ledger").state, HealthState::bad);
  EXPECT_EQ(ask(target, AskedBy::verify, "edited-files").state, HealthState::skipped);
}

TEST_F(VerifyPostgres, ConnectionLostInTheMiddleEndsTheQuestionsNotTheProgram) {
  HealthSituation situation(world.target());
  const auto reports = examine(situation, AskedBy::verify, [&](const HealthReport& report) {
    if (report.check->id != "connectivity") return;
    const int pid = situation.connection().backend_pid();
    database.query("SELECT pg_terminate_backend(" + std::to_string(pid) + ", 10000)");
  });
  EXPECT_EQ(exit_code(reports), 8);
  EXPECT_EQ(reports.back().result.state, HealthState::skipped);
}

}  // namespace
}  // namespace martlet::testing
