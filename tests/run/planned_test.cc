// Files that would hold up the application run in steps: they end where the statements themselves end, whatever
// interrupts them, and exactly the plan that was reviewed runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "sql/statement.h"
#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kSetup = R"(
CREATE TABLE log (what text);
CREATE TABLE buyers (id int PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, buyer int, code text, amount int);
INSERT INTO buyers SELECT g FROM generate_series(1, 100) g;
INSERT INTO orders SELECT g, 1 + g % 100, 'c' || g, g FROM generate_series(1, 20000) g;
ANALYZE)";

constexpr std::string_view kObviousSql = R"(
ALTER TABLE orders ALTER COLUMN buyer SET NOT NULL;
INSERT INTO log VALUES ('one');
CREATE INDEX orders_buyer ON orders (buyer);
ALTER TABLE orders ADD CONSTRAINT code_unique UNIQUE (code), ADD CONSTRAINT orders_buyers FOREIGN KEY (buyer) REFERENCES buyers (id), ALTER COLUMN code SET DEFAULT 'x';
CREATE TABLE more (id int);
INSERT INTO log VALUES ('two');
)";

class Planned : public ::testing::Test {
 protected:
  void SetUp() override {
    prepare(database_);
    project_.write("V001__obvious.sql", std::string(kObviousSql));
  }

  static void prepare(const TestDatabase& database) {
    const auto connection = database.connect();
    for (const Statement& each : split({std::string(kSetup), "setup"}, Dialect::postgres)) {
      connection->execute(each.text);
    }
  }

  // Every scan of 20,000 rows is too long.
  Finished run(std::vector<std::string> arguments, Environment environment = {}) const {
    environment.try_emplace("MARTLET_MAX_BLOCK", "1ms");
    return project_.run(database_.url(), std::move(arguments), std::move(environment));
  }

  static std::string schema(const TestDatabase& database) {
    return dump_schema(*database.connect(), database.url(), HistoryNames::make({}, Dialect::postgres));
  }
  std::string as_one_transaction() const {
    const TestDatabase other = fresh_database();
    prepare(other);
    const Finished finished = project_.run(other.url(), {"up", "--tx", "file"});
    EXPECT_EQ(finished.exit_code, 0) << finished;
    return schema(other);
  }
  std::string log() const { return database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"); }
  std::string plans() const { return database_.value("SELECT count(*) FROM martlet.plan"); }
  std::string digest() const {
    const Finished finished = run({"plan", "--json"});
    EXPECT_EQ(finished.exit_code, 0) << finished;
    return nlohmann::json::parse(finished.out).at("digest");
  }
  void protect() const { project_.folder().write("martlet.toml", "protected = true\n"); }

  Project project_;
  TestDatabase database_ = fresh_database();
};

TEST_F(Planned, StepsEndInTheSchemaOfTheStatements) {
  const Finished finished = run({"up"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(schema(database_), as_one_transaction());
  EXPECT_EQ(log(), "one two");
  EXPECT_EQ(plans(), "0");
}

TEST_F(Planned, RedoGoesThereAndBackInSteps) {
  project_.write("V001__obvious.sql",
                 "CREATE INDEX orders_buyer ON orders (buyer);\n-- martlet:down\nDROP INDEX orders_buyer;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const std::string before = schema(database_);
  database_.query(
      "CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS "
      "'BEGIN INSERT INTO log VALUES (current_query()); END'");
  database_.query("CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION note()");
  const Finished finished = run({"redo"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(log(), HasSubstr("CREATE INDEX CONCURRENTLY orders_buyer"));
  database_.query("DROP EVENT TRIGGER note");
  database_.query("DROP FUNCTION note()");
  EXPECT_EQ(schema(database_), before);
}

TEST_F(Planned, RedoIsRefusedBeforeAnythingIsTakenBack) {
  project_.write("V001__obvious.sql",
                 "CREATE INDEX orders_buyer ON orders (buyer);\n-- martlet:down\nDROP INDEX orders_buyer;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const std::string before = schema(database_);
  protect();
  const Finished finished = run({"redo", "--tx", "file"});
  EXPECT_EQ(finished.exit_code, 4) << finished;
  EXPECT_THAT(finished.err, HasSubstr("nothing was run"));
  EXPECT_EQ(schema(database_), before);
}

TEST_F(Planned, ThePlanIsShownAndChangesNothing) {
  const std::string before = schema(database_);
  const Finished finished = run({"plan"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("in steps, journalled"), HasSubstr("CREATE INDEX CONCURRENTLY"),
                                  HasSubstr("VALIDATE CONSTRAINT"), HasSubstr("nothing was run")));
  EXPECT_EQ(schema(database_), before);
  EXPECT_EQ(database_.value("SELECT to_regnamespace('martlet')"), "");
}

TEST_F(Planned, ADryRunShowsTheStepsThatWouldRun) {
  const Finished finished = run({"up", "--dry-run"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("CREATE INDEX CONCURRENTLY orders_buyer"), HasSubstr("VALIDATE CONSTRAINT"),
                                  HasSubstr("nothing was run")));
}

TEST_F(Planned, TheScriptRunsInPsql) {
  const Finished script = run({"plan", "--sql"});
  ASSERT_EQ(script.exit_code, 0) << script;
  project_.folder().write("steps.sql", script.out);
  const Finished psql =
      testing::run({{"psql", "-X", "-q", "-f", (project_.folder() / "steps.sql").string(), database_.url().text()},
                    {},
                    project_.folder().path()});
  EXPECT_EQ(psql.exit_code, 0) << psql;
  EXPECT_EQ(schema(database_), as_one_transaction());
}

// Killed at each boundary that the run passes, one after the other, on the same database.
TEST_F(Planned, KilledAtEveryBoundaryItGoesOnByTheSamePlan) {
  for (const char* failpoint :
       {"journal-after-done:1", "journal-before-started:1", "journal-after-started:1", "step-after-statement:1",
        "journal-after-done:2", "journal-after-done:1", "before-ledger:1"}) {
    EXPECT_EQ(run({"up"}, {{"MARTLET_FAILPOINT", failpoint}}).signal, SIGKILL) << failpoint;
  }
  const Finished finished = run({"up"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(schema(database_), as_one_transaction());
  EXPECT_EQ(log(), "one two");
  EXPECT_EQ(plans(), "0");
}

// Between the plan and its first step; by then the file is another one.
TEST_F(Planned, APlanOfWhichNoStepWasBegunIsForgotten) {
  EXPECT_EQ(run({"up"}, {{"MARTLET_FAILPOINT", "plan-stored"}}).signal, SIGKILL);
  EXPECT_EQ(plans(), "1");
  project_.write("V001__obvious.sql", "INSERT INTO log VALUES ('another');\n");
  const Finished finished = run({"up"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(log(), "another");
  EXPECT_EQ(plans(), "0");
}

TEST_F(Planned, APlanThatWasStoredRunsAsIfNothingHadHappened) {
  EXPECT_EQ(run({"up"}, {{"MARTLET_FAILPOINT", "plan-stored"}}).signal, SIGKILL);
  const Finished finished = run({"up"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(schema(database_), as_one_transaction());
  EXPECT_EQ(plans(), "0");
}

TEST_F(Planned, SettledByHandThePlanGoes) {
  EXPECT_EQ(run({"up"}, {{"MARTLET_FAILPOINT", "journal-after-done:2"}}).signal, SIGKILL);
  const Finished settled = run({"repair", "--applied", "001"});
  EXPECT_EQ(settled.exit_code, 0) << settled;
  EXPECT_EQ(plans(), "0");
}

// What pg_dump writes at the top of its files.
TEST_F(Planned, WhatStandsBehindASettingIsRunAsWell) {
  project_.write("V001__obvious.sql",
                 "SELECT pg_catalog.set_config('search_path', 'public', false);\nINSERT INTO log VALUES ('one');\n"
                 "ALTER TABLE orders ALTER COLUMN buyer SET NOT NULL;\n"
                 "SELECT set_config('work_mem', '1MB', true);\nINSERT INTO log VALUES ('two');\n");
  EXPECT_EQ(run({"up"}, {{"MARTLET_FAILPOINT", "journal-after-done:2"}}).signal, SIGKILL);
  const Finished finished = run({"up"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(log(), "one two");
}

// One statement takes the place of another, and is the whole transaction.
TEST_F(Planned, AMaterializedViewIsRefreshedBesideItsReaders) {
  for (const char* sql :
       {"CREATE MATERIALIZED VIEW totals AS SELECT id, amount FROM orders", "CREATE UNIQUE INDEX ON totals (id)",
        "ANALYZE totals", "UPDATE orders SET amount = amount + 1 WHERE id = 1"}) {
    database_.query(sql);
  }
  project_.write("V001__obvious.sql", "REFRESH MATERIALIZED VIEW totals;\n");
  const Finished plan = run({"plan"});
  EXPECT_THAT(plan.out, AllOf(HasSubstr("CONCURRENTLY totals"), Not(HasSubstr("holds up the application")))) << plan;
  // Who reads it meanwhile would have to end first, were it the statement as it was written.
  const auto reader = database_.connect();
  reader->execute("BEGIN");
  reader->execute("SELECT count(*) FROM totals");
  const Finished finished = run({"up"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(database_.value("SELECT amount FROM totals WHERE id = 1"), "2");
}

TEST_F(Planned, RowsThatDoNotFitStopItWhereItCanGoOn) {
  database_.query("UPDATE orders SET buyer = NULL WHERE id = 77");
  const Finished failed = run({"up"});
  EXPECT_EQ(failed.exit_code, 6) << failed;
  EXPECT_THAT(failed.err, AllOf(HasSubstr("V001__obvious.sql:2:1"), HasSubstr("23514"), HasSubstr("martlet resume")));
  database_.query("UPDATE orders SET buyer = 1 WHERE id = 77");
  const Finished resumed = run({"resume"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed;
  EXPECT_EQ(schema(database_), as_one_transaction());
}

TEST_F(Planned, AStatementThatRunsInStepsMayNotChangeInTheMiddle) {
  EXPECT_EQ(run({"up"}, {{"MARTLET_FAILPOINT", "journal-after-done:2"}}).signal, SIGKILL);
  project_.write("V001__obvious.sql", "ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;\n");
  const Finished changed = run({"up"});
  EXPECT_EQ(changed.exit_code, 4) << changed;
  EXPECT_THAT(changed.err, AllOf(HasSubstr("runs in steps was changed"), HasSubstr("put the statement back")));
  project_.write("V001__obvious.sql", std::string(kObviousSql));
  EXPECT_EQ(run({"resume"}).exit_code, 0);
}

TEST_F(Planned, OnlyTheReviewedPlanRuns) {
  const std::string reviewed = digest();
  EXPECT_EQ(digest(), reviewed) << "the same twice";
  database_.query("CREATE INDEX orders_amount ON orders (amount)");
  const Finished other_schema = run({"up", "--plan", reviewed});
  EXPECT_EQ(other_schema.exit_code, 4) << other_schema;
  EXPECT_THAT(other_schema.err, AllOf(HasSubstr("changed the schema"), Not(HasSubstr("the files"))));

  database_.query("DROP INDEX orders_amount");
  project_.write("V002__more.sql", "CREATE TABLE yet_more (id int);\n");
  const Finished other_files = run({"up", "--plan", reviewed});
  EXPECT_THAT(other_files.err, AllOf(HasSubstr("the files that are pending"), Not(HasSubstr("the schema"))));
  EXPECT_EQ(database_.value("SELECT count(*) FROM martlet.schema_migrations"), "0");

  const Finished same = run({"up", "--plan", digest()});
  EXPECT_EQ(same.exit_code, 0) << same;
}

TEST_F(Planned, APlanOfAnotherDatabaseIsRefused) {
  const TestDatabase other = fresh_database();
  prepare(other);
  const Finished finished = project_.run(other.url(), {"up", "--plan", digest()}, {{"MARTLET_MAX_BLOCK", "1ms"}});
  EXPECT_EQ(finished.exit_code, 4) << finished;
  EXPECT_THAT(finished.err, HasSubstr("it was made for another one"));
}

TEST_F(Planned, AnUnknownDigestIsRefusedBeforeAnythingRuns) {
  for (const char* digest : {"x", "1-2-3-4", "0123456789", "aaaaaaaa-bbbbbbbb-cccccccc"}) {
    EXPECT_EQ(run({"up", "--plan", digest}).exit_code, 2) << digest;
  }
  EXPECT_EQ(log(), "");
}

// What takes it back holds up the application no longer than what made it.
TEST_F(Planned, DownsRunInStepsToo) {
  project_.write("V001__obvious.sql",
                 "ALTER TABLE orders ALTER COLUMN buyer DROP NOT NULL;\nDROP INDEX IF EXISTS orders_amount;\n"
                 "-- martlet:down\nALTER TABLE orders ALTER COLUMN buyer SET NOT NULL;\n"
                 "CREATE INDEX orders_amount ON orders (amount);\n");
  EXPECT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(run({"down"}, {{"MARTLET_FAILPOINT", "journal-after-done:2"}}).signal, SIGKILL);
  EXPECT_EQ(database_.value("SELECT convalidated FROM pg_constraint WHERE conname = 'orders_buyer_not_null'"), "t");
  const Finished again = run({"down"});
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_EQ(database_.value("SELECT attnotnull FROM pg_attribute WHERE attname = 'buyer'"), "t");
  EXPECT_EQ(database_.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_amount'::regclass"), "t");
  EXPECT_EQ(plans(), "0");
}

TEST_F(Planned, WhatHasNoSafeFormIsRefusedOnAProtectedEnvironment) {
  protect();
  project_.write("V001__obvious.sql",
                 "ALTER TABLE orders ALTER COLUMN amount TYPE bigint;\n-- martlet:irreversible \"a test\"\n");
  const Finished refused = run({"up"});
  EXPECT_EQ(refused.exit_code, 4) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("writes all of orders under ACCESS EXCLUSIVE"), HasSubstr("change-type"),
                                 HasSubstr("nothing was run"), HasSubstr("--reason")));
  const Finished forced = run({"up", "--force", "--reason", "nobody is awake"});
  EXPECT_EQ(forced.exit_code, 0) << forced;
  EXPECT_THAT(database_.value("SELECT string_agg(detail, ' ') FROM martlet.audit WHERE event = 'forced'"),
              AllOf(HasSubstr("nobody is awake"), HasSubstr("writes all of orders")));
}

TEST_F(Planned, OneTransactionOverTheBudgetIsRefusedOnAProtectedEnvironment) {
  protect();
  const Finished refused = run({"up", "--tx", "file"});
  EXPECT_EQ(refused.exit_code, 4) << refused;
  EXPECT_THAT(refused.err, HasSubstr("run it without `--tx file`"));
  project_.write("V001__obvious.sql", std::string(kObviousSql) + "-- martlet:irreversible \"a test\"\n");
  const Finished in_steps = run({"up"});
  EXPECT_EQ(in_steps.exit_code, 0) << "the safe forms make the hazards good\n" << in_steps;
}

}  // namespace
}  // namespace martlet::testing
