// What an interrupted migration leaves, and how a person or the next run goes on from there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Resume : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('1');\n");
    const Finished finished = run({"up"});
    ASSERT_EQ(finished.exit_code, 0) << finished;
  }

  Finished run(std::vector<std::string> arguments, Environment environment = {}) const {
    return project_.run(database_.url(), std::move(arguments), std::move(environment));
  }
  std::string log() const { return database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"); }
  std::string index_is_valid() const {
    return database_.value("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('log_what')");
  }
  std::string journal() const { return database_.value("SELECT count(*) FROM martlet.journal"); }
  std::string state_of(const std::string& id) const {
    return database_.value("SELECT state FROM martlet.schema_migrations WHERE id = '" + id + "'");
  }

  Project project_;
  TestDatabase database_ = fresh_database();
};

TEST_F(Resume, AnIndexThatCannotBeUniqueIsBuiltAgainOnceItCan) {
  project_.write("V002__unique.sql",
                 "INSERT INTO log VALUES ('2'), ('2');\n"
                 "CREATE UNIQUE INDEX CONCURRENTLY log_what ON log (what);\nINSERT INTO log VALUES ('3');\n");
  const Finished failed = run({"up"});
  EXPECT_EQ(failed.exit_code, 6) << failed;
  EXPECT_THAT(failed.err, AllOf(HasSubstr("V002__unique.sql:2"), HasSubstr("23505"), HasSubstr("(what)=(2)"),
                                HasSubstr("1 of 3 statements"), HasSubstr("martlet resume")));
  EXPECT_EQ(index_is_valid(), "") << "it costs every write and helps no read";
  EXPECT_THAT(run({"status"}).out, HasSubstr("partial"));

  const Finished as_before = run({"resume"});
  EXPECT_EQ(as_before.exit_code, 6) << as_before;
  database_.query("DELETE FROM log WHERE ctid = (SELECT max(ctid) FROM log WHERE what = '2')");
  const Finished resumed = run({"resume"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed;
  EXPECT_EQ(index_is_valid(), "t");
  EXPECT_EQ(log(), "1 2 3");
  EXPECT_EQ(state_of("002"), "applied");
  EXPECT_EQ(journal(), "0");
}

TEST_F(Resume, AnIndexKilledInTheMiddleOfItsBuildIsDroppedAndBuiltAgain) {
  project_.write("V002__index.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS log_what ON log (what);\n");
  const auto old = database_.connect();
  old->execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
  old->execute("SELECT count(*) FROM log");
  Process first = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return index_is_valid() == "f"; })) << first.err();
  first.signal(SIGKILL);
  first.wait();
  // The server process of the killed run still waits for the old transaction.
  old->execute("COMMIT");
  const Finished again = run({"up"});
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(index_is_valid(), "t");
  EXPECT_EQ(journal(), "0");
}

TEST_F(Resume, AKilledRunsServerProcessThatWaitsForAnOldTransactionIsEnded) {
  project_.write("V002__index.sql", "CREATE INDEX CONCURRENTLY log_what ON log (what);\n");
  const auto old = database_.connect();
  old->execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
  old->execute("SELECT count(*) FROM log");
  Process first = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually([&] { return index_is_valid() == "f"; })) << first.err();
  first.signal(SIGKILL);
  first.wait();
  Process second = project_.start(database_.url(), {"up"});
  // It takes the dead run's lease although that session's build cannot end; dropping the index waits like the build.
  const std::string drop =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'martlet/%' AND query LIKE 'DROP INDEX "
      "CONCURRENTLY%log_what%'";
  ASSERT_TRUE(eventually([&] { return database_.value(drop) == "1"; })) << second.err();
  old->execute("COMMIT");
  const Finished finished = second.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(index_is_valid(), "t");
}

TEST_F(Resume, AnInvalidIndexOfAnotherToolDoesNotCountAsThere) {
  database_.query("INSERT INTO log VALUES ('1')");
  EXPECT_THROW(database_.query("CREATE UNIQUE INDEX CONCURRENTLY log_what ON log (what)"), Error);
  ASSERT_EQ(index_is_valid(), "f");
  database_.query("DELETE FROM log WHERE ctid = (SELECT max(ctid) FROM log)");
  project_.write("V002__index.sql", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS log_what ON log (what);\n");
  const Finished up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up;
  EXPECT_THAT(up.err, HasSubstr("dropped the invalid index public.log_what"));
  EXPECT_EQ(index_is_valid(), "t");
}

class EditedAfterAFailure : public Resume {
 protected:
  void SetUp() override {
    Resume::SetUp();
    write("INSERT INTO log VALUES ('2');", "INSERT INTO nowhere VALUES (1);");
    const Finished failed = run({"up"});
    ASSERT_EQ(failed.exit_code, 6) << failed;
    ASSERT_THAT(failed.err, AllOf(HasSubstr("V002__steps.sql:3"), HasSubstr("42P01"), HasSubstr("1 of 3 statements")));
  }
  void write(const std::string& first, const std::string& second) const {
    project_.write("V002__steps.sql",
                   "-- martlet:no-transaction\n" + first + "\n" + second + "\nINSERT INTO log VALUES ('9');\n");
  }
};

TEST_F(EditedAfterAFailure, TheFailedStatementMayBePutRight) {
  write("INSERT INTO log VALUES ('2');", "INSERT INTO log VALUES ('3');");
  const Finished resumed = run({"up"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed;
  EXPECT_EQ(log(), "1 2 3 9");
  const Finished verified = run({"verify"});
  EXPECT_EQ(verified.exit_code, 0) << "the ledger must know the text as it was finished: " << verified;
}

TEST_F(EditedAfterAFailure, AStatementThatIsDoneMayNotBeChanged) {
  write("INSERT INTO log VALUES ('22');", "INSERT INTO log VALUES ('3');");
  const Finished resumed = run({"resume"});
  EXPECT_EQ(resumed.exit_code, 4) << resumed;
  EXPECT_THAT(resumed.err,
              AllOf(HasSubstr("V002__steps.sql:2"), HasSubstr("was changed"), HasSubstr("martlet repair")));
  EXPECT_EQ(log(), "1 2");
  EXPECT_EQ(journal(), "1");
}

TEST_F(EditedAfterAFailure, AFileThatIsGoneIsAskedFor) {
  std::filesystem::remove(project_.folder() / "migrations/V002__steps.sql");
  const Finished resumed = run({"up"});
  EXPECT_EQ(resumed.exit_code, 6) << resumed;
  EXPECT_THAT(resumed.err, AllOf(HasSubstr("002"), HasSubstr("file is gone"), HasSubstr("martlet repair")));
  EXPECT_EQ(journal(), "1");
}

TEST_F(EditedAfterAFailure, ADownIsRefusedUntilItIsSettled) {
  const Finished down = run({"down"});
  EXPECT_EQ(down.exit_code, 6) << down;
  EXPECT_THAT(down.err, AllOf(HasSubstr("002"), HasSubstr("martlet resume"), HasSubstr("--not-applied")));
  EXPECT_EQ(log(), "1 2");
}

TEST_F(EditedAfterAFailure, IsSettledByHandAsApplied) {
  database_.query("INSERT INTO log VALUES ('3'), ('9')");
  const Finished settled = run({"repair", "--applied", "002"});
  EXPECT_EQ(settled.exit_code, 0) << settled;
  EXPECT_EQ(state_of("002"), "applied");
  EXPECT_EQ(journal(), "0");
  const Finished up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up;
  EXPECT_THAT(up.out, HasSubstr("nothing to do"));
  EXPECT_EQ(log(), "1 2 3 9");
  EXPECT_EQ(run({"verify"}).exit_code, 0);
}

TEST_F(EditedAfterAFailure, IsSettledByHandAsNotApplied) {
  database_.query("DELETE FROM log WHERE what = '2'");
  const Finished settled = run({"repair", "--not-applied", "002"});
  EXPECT_EQ(settled.exit_code, 0) << settled;
  EXPECT_EQ(journal(), "0");
  write("INSERT INTO log VALUES ('two');", "INSERT INTO log VALUES ('3');");
  const Finished up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up;
  EXPECT_EQ(log(), "1 3 9 two");
}

TEST_F(Resume, AStatementThatOnlyAPersonCanSettleIsAskedAbout) {
  project_.write("V002__once.sql",
                 "-- martlet:no-transaction\nINSERT INTO log VALUES ('2');\n"
                 "CREATE DATABASE " +
                     database_.name() + "_made;\nINSERT INTO log VALUES ('3');\n");
  const Finished killed = run({"up"}, {{"MARTLET_FAILPOINT", "step-after-statement"}});
  ASSERT_EQ(killed.signal, SIGKILL) << killed;
  const Finished again = run({"up"});
  EXPECT_EQ(again.exit_code, 6) << again;
  EXPECT_THAT(again.err, AllOf(HasSubstr("V002__once.sql:3"), HasSubstr("martlet repair")));
  database_.query("INSERT INTO log VALUES ('3')");
  EXPECT_EQ(run({"repair", "--applied", "002"}).exit_code, 0);
  EXPECT_THAT(run({"up"}).out, HasSubstr("nothing to do"));
  EXPECT_EQ(log(), "1 2 3");
  database_.query("DROP DATABASE " + database_.name() + "_made");
}

TEST_F(Resume, ARoleIsRefusedBeforeTheFirstOfManyTransactions) {
  project_.write("V002__role.sql", "-- martlet:no-transaction\nINSERT INTO log VALUES ('2');\nSET ROLE pg_monitor;\n");
  const Finished refused = run({"up"});
  EXPECT_EQ(refused.exit_code, 4) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("V002__role.sql:3"), Not(HasSubstr("resume"))));
  EXPECT_EQ(log(), "1");
}

// What a file sets for its session holds for the rest of the file, also for the rest that a later run does.
TEST_F(Resume, SettingsOfTheFileAreMadeAgain) {
  project_.write("V002__set.sql",
                 "-- martlet:no-transaction\nCREATE SCHEMA other;\nSET search_path TO other;\n"
                 "SELECT set_config('work_mem', '77MB', false);\n"
                 "CREATE TABLE log (what text);\nINSERT INTO log SELECT current_setting('work_mem');\n");
  const Finished killed = run({"up"}, {{"MARTLET_FAILPOINT", "journal-after-done:2"}});
  ASSERT_EQ(killed.signal, SIGKILL) << killed;
  EXPECT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(database_.value("SELECT what FROM other.log"), "77MB");
  EXPECT_EQ(log(), "1");
}

}  // namespace
}  // namespace martlet::testing
