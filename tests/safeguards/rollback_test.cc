// What becomes of a run that failed, by the environment's policy.
#include <gmock/gmock.h>
#include <signal.h>
#include <stdlib.h>

#include "base/files.h"
#include "base/text.h"
#include "tests/safeguards/project.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Rollback : public ::testing::Test {
 protected:
  Rollback() {
    migration("V001__a.sql", "CREATE TABLE a (id int);", "DROP TABLE a;");
    project.configure("");
    EXPECT_EQ(project.type({"up"}).exit_code, 0);
    migration("V002__b.sql", "CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);", "DROP TABLE b;");
  }
  void migration(const std::string& name, const std::string& up, const std::string& down) {
    project.write("migrations/" + name, up + "\n" + (down.empty() ? "" : "-- martlet:down\n" + down + "\n"));
  }
  void fails() { migration("V003__wrong.sql", "SELECT 1 / 0;", "SELECT 1;"); }
  std::string version() const {
    return project.ask("SELECT max(version) FROM martlet.schema_migrations WHERE state = 'applied'");
  }

  Project project;
};

TEST_F(Rollback, OfAFailureTakesBackWhatTheRunApplied) {
  fails();
  project.configure("[rollback]\non = [\"failure\"]\n");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, HasSubstr("rolled back: took back V002; the database is at V001"));
  EXPECT_FALSE(project.has_table("b"));  // its row was the run's own
  EXPECT_TRUE(project.has_table("a"));   // of an earlier run
  EXPECT_EQ(version(), "001\n");
  EXPECT_THAT(project.events(), HasSubstr("reverted\nrolled-back\nfailed"));
  EXPECT_THAT(project.details("rolled-back"), HasSubstr("because: division by zero"));
  project.expect_audit_verifies();
}

TEST_F(Rollback, IsNotDoneWhereNobodyAskedForIt) {
  fails();
  EXPECT_EQ(project.type({"up"}).exit_code, 1);
  EXPECT_TRUE(project.has_table("b"));
  EXPECT_THAT(project.events(), Not(HasSubstr("rolled-back")));
}

TEST_F(Rollback, HasNothingToDoWhereTheFirstMigrationFails) {
  migration("V002__b.sql", "SELECT 1 / 0;", "SELECT 1;");
  project.configure("[rollback]\non = \"failure\"\n");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.err, HasSubstr("the database is at V001, nothing of V002 remains"));
  EXPECT_THAT(project.events(), Not(HasSubstr("rolled-back")));
}

// A row that somebody else wrote meanwhile would go with the table: nothing is run, not even the other down.
TEST_F(Rollback, ThatWouldLoseDataOfOthersIsRefused) {
  migration("V003__c.sql", "CREATE TABLE c (id int);", "DROP TABLE c;");
  const std::string writes = "psql \\\"$TEST_URL\\\" -qc 'INSERT INTO b VALUES (2)'";
  project.configure(
      "[[gate]]\nname = \"other\"\nkind = \"exec\"\nwhen = \"after\"\n"
      "command = \"" +
      writes + "; false\"\non_failure = \"rollback\"\n");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_THAT(finished.err,
              HasSubstr("not rolled back: a down would lose data: migrations/V002__b.sql:4:1: drops table b"));
  EXPECT_THAT(finished.err, HasSubstr("there is no backup of before the run"));
  EXPECT_TRUE(project.has_table("c"));
  EXPECT_EQ(project.ask("SELECT id FROM b ORDER BY id"), "1\n2\n");
  EXPECT_THAT(project.events(), HasSubstr("rollback-refused"));
  project.expect_audit_verifies();
}

TEST_F(Rollback, OfAColumnKnowsWhatOthersWroteIntoIt) {
  project.database.query("INSERT INTO a VALUES (1), (2)");
  migration("V002__b.sql", "ALTER TABLE a ADD COLUMN note text DEFAULT 'none';", "ALTER TABLE a DROP COLUMN note;");
  const std::string writes = "psql \\\"$TEST_URL\\\" -qc \\\"UPDATE a SET note = $WORD WHERE id = 1\\\"";
  project.configure("[[gate]]\nname = \"other\"\nkind = \"exec\"\nwhen = \"after\"\ncommand = \"" + writes +
                    "; false\"\non_failure = \"rollback\"\n");
  setenv("WORD", "note", 1);  // touched, and as it was
  EXPECT_THAT(project.type({"up"}).err, HasSubstr("rolled back: took back V002"));
  setenv("WORD", "'mine'", 1);
  EXPECT_THAT(project.type({"up"}).err, HasSubstr("drops column note of a, which others have written to"));
  unsetenv("WORD");
  EXPECT_EQ(project.ask("SELECT note FROM a ORDER BY id"), "mine\nnone\n");
}

TEST_F(Rollback, WithoutADownOffersTheBackupAndRestoresNothing) {
  migration("V002__b.sql", "CREATE TABLE b (id int);", "");
  fails();
  project.configure("[rollback]\non = \"failure\"\n[backup]\nbefore = \"always\"\n");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, HasSubstr("not rolled back: V002 has no down; db_backup_full_"));
  EXPECT_THAT(finished.err, HasSubstr("loses everything that was written since"));
  EXPECT_TRUE(project.has_table("b"));
}

// The hook stops the writers and says so; nothing is lost by going back to the backup that was taken behind it.
TEST_F(Rollback, RestoresByItselfWhereTheWritersWereFenced) {
  project.database.query("INSERT INTO a VALUES (7)");
  migration("V002__b.sql", "ALTER TABLE a RENAME COLUMN id TO number;\nUPDATE a SET number = 0;", "");
  fails();
  project.configure(
      "[rollback]\non = \"failure\"\nrestore = \"fenced\"\n[backup]\nbefore = \"always\"\n"
      "[hooks]\nbefore = \"echo fenced > $MARTLET_FENCE_FILE\"\non_failure = \"touch lifted\"\n");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, HasSubstr("rolled back: restored db_backup_full_"));
  EXPECT_EQ(project.ask("SELECT id FROM a"), "7\n");
  EXPECT_EQ(version(), "001\n");
  EXPECT_TRUE(std::filesystem::exists(project.file("lifted")));
  EXPECT_THAT(project.events(), HasSubstr("restored\nrolled-back\nfailed"));
  project.expect_audit_verifies();
  EXPECT_EQ(project.type({"verify"}).exit_code, 0) << project.type({"verify"});
  migration("V003__wrong.sql", "SELECT 1;", "SELECT 1;");
  EXPECT_EQ(project.type({"up"}).exit_code, 0);
  for (const std::string& kept : split_list(project.ask("SELECT datname FROM pg_database WHERE datname LIKE '" +
                                                        project.database.name() + "_before_restore_%'"),
                                            '\n')) {
    project.database.query("DROP DATABASE \"" + kept + "\"");
  }
}

TEST_F(Rollback, DoesNotTakeAHooksSuccessForAFence) {
  migration("V002__b.sql", "CREATE TABLE b (id int);", "");
  fails();
  project.configure(
      "[rollback]\non = \"failure\"\nrestore = \"fenced\"\n[backup]\nbefore = \"always\"\n"
      "[hooks]\nbefore = \"true\"\n");
  const Finished finished = project.type({"up"});
  EXPECT_THAT(finished.err, HasSubstr("not rolled back"));
  EXPECT_TRUE(project.has_table("b"));
}

TEST_F(Rollback, OnIntegrityBlamesTheRunOnlyForWhatIsNew) {
  const auto spoil = [](const std::string& index) {
    return "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '" + index + "'::regclass";
  };
  project.database.query("CREATE INDEX a_id ON a (id)");
  project.database.query(spoil("a_id"));
  project.configure("[rollback]\non = \"integrity\"\n");
  const Finished first = project.type({"up"});
  EXPECT_EQ(first.exit_code, 0) << first;
  migration("V003__index.sql", "CREATE INDEX b_id ON b (id);\n" + spoil("b_id") + ";", "DROP INDEX b_id;");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 7) << finished;
  EXPECT_THAT(finished.err, HasSubstr("the database is not sound after the run: invalid-indexes"));
  EXPECT_THAT(finished.err, Not(HasSubstr("a_id")));
  EXPECT_THAT(finished.err, HasSubstr("rolled back: took back V003"));
  EXPECT_THAT(project.events(), HasSubstr("integrity-violated\nreverted\nrolled-back\nfailed"));
}

TEST_F(Rollback, WhenTheApplicationDoesNotStart) {
  project.configure(
      "[[gate]]\nname = \"starts\"\ncheck = \"application_start\"\nwhen = \"after\"\ntimeout = \"1s\"\n"
      "command = \"echo no such column; exit 1\"\non_failure = \"rollback\"\n");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_THAT(finished.err, HasSubstr("gate starts after the run: failed"));
  EXPECT_FALSE(project.has_table("b"));
  project.expect_audit_verifies();
}

TEST_F(Rollback, IsToldToSomebody) {
  fails();
  project.configure(
      "[rollback]\non = \"failure\"\n[[sink]]\nname = \"log\"\nkind = \"file\"\npath = \"alerts.log\"\n"
      "[[gate]]\nname = \"connections\"\nwhen = \"before\"\nfailure = \"value > 100\"\n");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 1) << finished;
  const std::string told = read_file(project.file("alerts.log"));
  EXPECT_THAT(told, HasSubstr("took back V002"));
  EXPECT_THAT(told, HasSubstr("division by zero"));
  EXPECT_FALSE(project.has_table("b"));
  project.expect_audit_verifies();
}

TEST_F(Rollback, IsNotDoneAfterCtrlC) {
  migration("V003__slow.sql", "SELECT pg_sleep(600);", "SELECT 1;");
  project.configure("[rollback]\non = \"failure\"\n");
  Process running(project.command({"up"}));
  ASSERT_TRUE(eventually([&] {
    return project.database.value(
               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = "
               "'active' AND datname = current_database() AND pid <> pg_backend_pid()") == "1";
  }));
  running.signal(SIGINT);
  EXPECT_EQ(running.wait().exit_code, 1);
  EXPECT_TRUE(project.has_table("b"));
}

TEST_F(Rollback, RefusesAWordThatItDoesNotKnow) {
  project.configure("[rollback]\non = [\"failures\"]\n");
  const Finished finished = project.type({"up"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("may only have failure and integrity"));
}

// `gates watch` is what cron calls for as long as watch_after says.
TEST_F(Rollback, OfAGateThatWatchesAfterTheRun) {
  const std::string gate =
      "[[gate]]\nname = \"later\"\nkind = \"sql\"\nquery = \"SELECT count(*) FROM a\"\n"
      "success = \"value == 0\"\nwhen = \"after\"\nwatch_after = \"1h\"\non_failure = \"rollback\"\n";
  project.configure(gate);
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  EXPECT_EQ(project.type({"gates", "watch"}).exit_code, 0);
  project.database.query("INSERT INTO a VALUES (1)");
  const Finished finished = project.type({"gates", "watch"});
  EXPECT_EQ(finished.exit_code, 9) << finished;
  EXPECT_THAT(finished.err, HasSubstr("took back V002"));
  EXPECT_FALSE(project.has_table("b"));
  project.expect_audit_verifies();
}

TEST_F(Rollback, OfNothingOnceTheWatchIsOver) {
  project.configure(
      "[[gate]]\nname = \"later\"\nkind = \"sql\"\nquery = \"SELECT 1\"\nsuccess = \"value == 1\"\n"
      "when = \"after\"\nwatch_after = \"1ms\"\n");
  ASSERT_EQ(project.type({"up"}).exit_code, 0);
  const std::string before = project.events();
  const Finished finished = project.type({"gates", "watch"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(project.events(), before);
}

}  // namespace
}  // namespace martlet::testing
