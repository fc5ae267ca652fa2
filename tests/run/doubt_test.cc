// The connection breaks while COMMIT is under way: only the ledger can tell, and the run must ask it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "scratch/local_server.h"
#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class CommitInDoubtRun : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\n");
    const Finished finished = up();
    ASSERT_EQ(finished.exit_code, 0) << finished;
  }
  Finished up() const { return project_.run(database_.url(), {"up"}); }
  std::string applied() const {
    return database_.value(
        "SELECT string_agg(id, ' ' ORDER BY installed_order) FROM martlet.schema_migrations WHERE state = 'applied'");
  }
  std::string log() const { return database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"); }

  // Runs at the COMMIT of every transaction that writes to the log.
  void at_commit(const std::string& statement) const {
    database_.query("CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM " + statement +
                    "; RETURN NULL; END $$");
    database_.query(
        "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON log DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION at_commit()");
  }
  // The server commits, waits for a standby that does not exist, and is cut off before it can answer.
  void cut_off_after_commit(Process& run) const {
    ASSERT_TRUE(eventually([&] {
      return database_.value(
                 "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1";
    })) << run.err();
  }

  Project project_;
  // Without a standby nothing waits but a transaction that asks for it.
  LocalServer server_{{.settings = {{"synchronous_standby_names", "nobody"}}}};
  TestDatabase database_{server_};
};

TEST_F(CommitInDoubtRun, ThatTookEffectIsFoundInTheLedgerAndTheRunGoesOn) {
  at_commit("set_config('synchronous_commit', 'on', true)");
  project_.write("V002__doubt.sql", "INSERT INTO log VALUES ('2');\n");
  project_.write("V003__next.sql", "CREATE TABLE after_it (id integer);\n");
  Process run = project_.start(database_.url(), {"up"});
  cut_off_after_commit(run);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(log(), "2");
  EXPECT_EQ(applied(), "001 002 003");
  const Finished verified = project_.run(database_.url(), {"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified;
}

TEST_F(CommitInDoubtRun, ThatDidNotTakeEffectLeavesNothing) {
  at_commit("pg_terminate_backend(pg_backend_pid())");
  project_.write("V002__doubt.sql", "INSERT INTO log VALUES ('2');\n");
  const Finished finished = up();
  EXPECT_EQ(finished.exit_code, 1) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("57P01"), HasSubstr("the database is at V001")));
  EXPECT_EQ(log(), "");
  EXPECT_EQ(applied(), "001");
}

TEST_F(CommitInDoubtRun, OfOneStatementIsFoundInTheJournalAndTheRestRunsWithTheFilesSettings) {
  database_.query("CREATE SCHEMA other");
  at_commit("set_config('synchronous_commit', 'on', true)");
  project_.write("V002__doubt.sql",
                 "-- martlet:no-transaction\nSET search_path TO other, public;\nINSERT INTO log VALUES ('2');\n"
                 "CREATE TABLE made (id integer);\n");
  Process run = project_.start(database_.url(), {"up"});
  cut_off_after_commit(run);
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(log(), "2");
  EXPECT_EQ(applied(), "001 002");
  EXPECT_EQ(database_.value("SELECT to_regclass('other.made') IS NOT NULL"), "t") << "search_path was forgotten";
}

TEST_F(CommitInDoubtRun, OfTheLedgerRowAfterManyTransactionsIsFinishedByTheNextRun) {
  database_.query(
      "CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$");
  database_.query(
      "CREATE CONSTRAINT TRIGGER cut_off AFTER INSERT ON martlet.schema_migrations DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION cut_off()");
  project_.write("V002__steps.sql", "-- martlet:no-transaction\nINSERT INTO log VALUES ('2');\n");
  const Finished finished = up();
  EXPECT_EQ(finished.exit_code, 6) << finished;
  EXPECT_THAT(finished.err, HasSubstr("1 of 1 statements of V002 are done and stay done"));
  database_.query("DROP TRIGGER cut_off ON martlet.schema_migrations");
  const Finished again = up();
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(log(), "2");
  EXPECT_EQ(applied(), "001 002");
}

TEST_F(CommitInDoubtRun, ThatCannotBeSettledSaysSo) {
  at_commit("set_config('synchronous_commit', 'on', true)");
  project_.write("V002__doubt.sql", "INSERT INTO log VALUES ('2');\n");
  Process run = project_.start(database_.url(), {"up"});
  ASSERT_TRUE(eventually(
      [&] { return database_.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1"; }));
  server_.stop(LocalServer::Stop::immediate);
  run.signal(SIGINT);  // nobody wants to wait until the server is back
  const Finished finished = run.wait();
  EXPECT_EQ(finished.exit_code, 8) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("not known"), HasSubstr("martlet up")));
  server_.start();
  const Finished again = project_.run(database_.url(), {"status"});
  EXPECT_EQ(again.exit_code, 0) << again;
}

}  // namespace
}  // namespace martlet::testing
