// Expand now, contract when told, finish after a wait: old and new code both work until the contract, what is there at
// the end is what the statements say, and the way back is open from everywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "scratch/local_server.h"
#include "sql/statement.h"
#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kSetup = R"(
CREATE TABLE orders (id bigint PRIMARY KEY, total int NOT NULL DEFAULT 0 CHECK (total >= 0), note text NOT NULL);
CREATE INDEX orders_total ON orders (total);
CREATE TABLE carts (id bigint PRIMARY KEY, owner text);
CREATE TABLE leftovers (id bigint PRIMARY KEY);
INSERT INTO orders SELECT g, g, 'n' || g FROM generate_series(1, 500) g;
INSERT INTO leftovers VALUES (1))";

constexpr std::string_view kRename = R"(ALTER TABLE orders RENAME COLUMN total TO amount;
-- martlet:down
ALTER TABLE orders RENAME COLUMN amount TO total;
)";
constexpr std::string_view kAll = R"(ALTER TABLE orders RENAME COLUMN total TO amount;
ALTER TABLE carts RENAME TO baskets;
ALTER TABLE orders DROP COLUMN note;
DROP TABLE leftovers;
-- martlet:down
SELECT 1 / 0;
)";

class PhasesApart : public ::testing::Test {
 protected:
  void SetUp() override { prepare(database_); }

  static void prepare(const TestDatabase& database) {
    const auto connection = database.connect();
    for (const Statement& each : split({std::string(kSetup), "setup"}, Dialect::postgres)) {
      connection->execute(each.text);
    }
  }
  void write(std::string_view sql) const { project_.write("V001__change.sql", std::string(sql)); }
  Finished run(std::vector<std::string> arguments, Environment environment = {}) const {
    environment.try_emplace("MARTLET_PHASES", "apart");
    return project_.run(database_.url(), std::move(arguments), std::move(environment));
  }
  void expect_done(std::vector<std::string> arguments, Environment environment = {}) const {
    const Finished finished = run(std::move(arguments), std::move(environment));
    EXPECT_EQ(finished.exit_code, 0) << finished;
  }
  void killed(std::vector<std::string> arguments, const std::string& failpoint) const {
    const Finished finished = run(std::move(arguments), {{"MARTLET_FAILPOINT", failpoint}});
    EXPECT_EQ(finished.signal, SIGKILL) << failpoint << "\n" << finished;
  }
  void sql(std::string_view text) const { database_.query(text); }

  static std::string schema(const TestDatabase& database) {
    return dump_schema(*database.connect(), database.url(), HistoryNames::make({}, Dialect::postgres));
  }
  std::string schema() const { return schema(database_); }
  // As the statements themselves leave it.
  std::string at_once() const {
    const TestDatabase other = fresh_database();
    prepare(other);
    const Finished finished = project_.run(other.url(), {"up", "--phase", "all"});
    EXPECT_EQ(finished.exit_code, 0) << finished;
    return schema(other);
  }
  nlohmann::json phase() const {
    const auto migration = nlohmann::json::parse(run({"status", "--json"}).out).at("migrations").at(0);
    return migration.contains("phase") ? migration.at("phase") : nlohmann::json();
  }
  std::string state() const { return database_.value("SELECT state FROM martlet.schema_migrations"); }
  std::string kept() const { return database_.value("SELECT count(*) FROM martlet.plan"); }
  void wait_is_over() const { sql("UPDATE martlet.plan SET changed_at = changed_at - interval '8 days'"); }
  void protect(const std::string& more = "") const {
    project_.folder().write("martlet.toml", "protected = true\n[backup]\nbefore = \"never\"\n" + more);
  }

  Project project_;
  TestDatabase database_ = fresh_database();
};

TEST_F(PhasesApart, BothNamesOfAColumnAreReadAndWritten) {
  write(kRename);
  const Finished expanded = run({"up"});
  EXPECT_EQ(expanded.exit_code, 0) << expanded;
  EXPECT_THAT(expanded.out, AllOf(HasSubstr("expanded: V001"), HasSubstr("martlet contract")));
  EXPECT_EQ(database_.value("SELECT count(*) FROM orders WHERE total = amount"), "500");
  sql("INSERT INTO orders (id, total, note) VALUES (1001, 7, 'old code')");
  sql("INSERT INTO orders (id, amount, note) VALUES (1002, 8, 'new code')");
  sql("UPDATE orders SET total = 9 WHERE id = 1");
  sql("UPDATE orders SET amount = 10 WHERE id = 2");
  EXPECT_EQ(database_.value("SELECT string_agg(total || '=' || amount, ' ' ORDER BY id) FROM orders WHERE id IN (1, 2, "
                            "1001, 1002)"),
            "9=9 10=10 7=7 8=8");
  EXPECT_EQ(state(), "applied");
  EXPECT_EQ(phase().at("next"), "contract");

  expect_done({"contract"});
  EXPECT_EQ(schema(), at_once());
  EXPECT_EQ(database_.value("SELECT sum(amount) FROM orders WHERE id IN (1, 2, 1001, 1002)"), "34");
  EXPECT_TRUE(phase().is_null());
  EXPECT_EQ(kept(), "0");
  expect_done({"down"});
  EXPECT_EQ(database_.value("SELECT count(*) FROM orders WHERE total > 0"), "502");
}

TEST_F(PhasesApart, ATableIsReadAndWrittenByBothNames) {
  write("ALTER TABLE carts RENAME TO baskets;\n-- martlet:down\nALTER TABLE baskets RENAME TO carts;\n");
  expect_done({"up"});
  sql("INSERT INTO carts VALUES (1, 'old')");
  sql("INSERT INTO baskets VALUES (2, 'new')");
  sql("UPDATE carts SET owner = upper(owner)");
  EXPECT_EQ(database_.value("SELECT string_agg(owner, ' ' ORDER BY id) FROM baskets"), "OLD NEW");
  expect_done({"up", "--phase", "contract"});
  EXPECT_EQ(schema(), at_once());
}

// An application's own trigger may change what a statement says.
TEST_F(PhasesApart, BothNamesHoldWhatOtherTriggersMakeOfTheRow) {
  sql("CREATE FUNCTION twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.total := 2 * NEW.total; RETURN NEW; "
      "END "
      "$$");
  sql("CREATE TRIGGER twice BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION twice()");
  write(kRename);
  expect_done({"up"});
  sql("INSERT INTO orders (id, total, note) VALUES (1001, 7, 'old code')");
  EXPECT_EQ(database_.value("SELECT total || ' ' || amount FROM orders WHERE id = 1001"), "14 14");
}

// What gives another value each time says nothing about what a statement set.
TEST_F(PhasesApart, BothNamesOfAColumnThatNumbersItself) {
  sql("CREATE TABLE parts (id bigserial PRIMARY KEY, mark bigint GENERATED BY DEFAULT AS IDENTITY, code uuid DEFAULT "
      "gen_random_uuid())");
  write(
      "ALTER TABLE parts RENAME COLUMN id TO part_id;\nALTER TABLE parts RENAME COLUMN mark TO number;\n"
      "ALTER TABLE parts RENAME COLUMN code TO token;\n");
  expect_done({"up"});
  sql("INSERT INTO parts (part_id, number, token) VALUES (70, 71, '00000000-0000-0000-0000-000000000007')");
  sql("INSERT INTO parts (id, mark, code) VALUES (80, 81, '00000000-0000-0000-0000-000000000008')");
  sql("INSERT INTO parts DEFAULT VALUES");
  sql("UPDATE parts SET number = 72 WHERE part_id = 70");
  EXPECT_EQ(database_.value("SELECT string_agg(id || '=' || mark, ' ' ORDER BY id) FROM parts"), "2=2 70=72 80=81")
      << "a number was taken for the row that brought its own";
  EXPECT_EQ(database_.value("SELECT count(*) FROM parts WHERE id = part_id AND mark = number AND code = token"), "3");
  expect_done({"contract"});
  EXPECT_EQ(database_.value("SELECT string_agg(part_id || '=' || number, ' ' ORDER BY part_id) FROM parts"),
            "2=2 70=72 80=81");
}

constexpr std::string_view kNotNull = "ALTER TABLE orders ADD COLUMN owner int NOT NULL;\n";

TEST_F(PhasesApart, AColumnThatMustHaveAValueWaitsForTheLastRow) {
  const std::string before = schema();
  write(std::string(kNotNull) + "-- martlet:down\nALTER TABLE orders DROP COLUMN owner;\n");
  const Finished planned = run({"plan"});
  EXPECT_THAT(planned.out, AllOf(HasSubstr("ADD COLUMN owner int"), HasSubstr("martlet:batch"))) << planned;
  expect_done({"up"});
  sql("INSERT INTO orders (id, note) VALUES (1001, 'old code')");
  sql("INSERT INTO orders (id, note, owner) VALUES (1002, 'new code', 5)");
  const Finished refused = run({"contract"});
  EXPECT_EQ(refused.exit_code, 9) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("V001 cannot be contracted"), HasSubstr("owner IS NOT NULL"),
                                 HasSubstr("nothing was run"), HasSubstr("martlet:batch")));
  project_.write("V002__fill.sql",
                 "-- martlet:batch\nUPDATE orders SET owner = 1 WHERE owner IS NULL;\n"
                 "-- martlet:down\nSELECT 1;\n");
  expect_done({"up"});
  expect_done({"contract"});
  EXPECT_EQ(database_.value("SELECT count(*) FROM orders WHERE owner = 1"), "501");
  EXPECT_EQ(
      database_.value("SELECT attnotnull FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'owner'"),
      "t");
  EXPECT_THAT(schema(), Not(HasSubstr("owner IS NOT NULL")));
  expect_done({"down"});
  expect_done({"down"});
  EXPECT_EQ(schema(), before);
}

TEST_F(PhasesApart, ValuesOfTheSameFileLetItContractAtOnce) {
  write(std::string(kNotNull) + "-- martlet:batch\nUPDATE orders SET owner = id WHERE owner IS NULL;\n");
  expect_done({"up"});
  expect_done({"contract"});
  EXPECT_EQ(database_.value("SELECT count(*) FROM orders WHERE owner = id"), "500");
}

// Together there is nobody to give the values: what to write is said before anything runs, wherever one looks.
TEST_F(PhasesApart, AColumnWithoutValuesIsRefusedTogether) {
  write(kNotNull);
  const Environment together = {{"MARTLET_PHASES", "together"}};
  for (const std::vector<std::string>& command : {std::vector<std::string>{"plan"}, {"up"}, {"up", "--dry-run"}}) {
    const Finished refused = run(command, together);
    EXPECT_EQ(refused.exit_code, 4) << refused;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("V001__change.sql:1:1"), HasSubstr("orders has rows"),
                                   HasSubstr("nothing was run"), HasSubstr("martlet:batch"), HasSubstr("DEFAULT")));
  }
  const Finished lint = run({"lint"}, together);
  EXPECT_THAT(lint.out, AllOf(HasSubstr("add-not-null-no-default"), HasSubstr("martlet:batch"))) << lint;
  sql("DELETE FROM orders");
  expect_done({"up"}, together);
}

TEST_F(PhasesApart, RowsThatGoFirstNeedNoValues) {
  write("DELETE FROM orders;\n" + std::string(kNotNull));
  expect_done({"up"}, {{"MARTLET_PHASES", "together"}});
}

// Old code need not be the owner.
TEST_F(PhasesApart, WhoMayUseOneNameMayUseTheOther) {
  const TestRole reader(database_), writer(database_);
  sql("GRANT SELECT ON carts TO " + reader.name());
  sql("GRANT SELECT, INSERT ON carts TO " + writer.name() + " WITH GRANT OPTION");
  sql("GRANT SELECT (total) ON orders TO " + reader.name());
  write("ALTER TABLE carts RENAME TO baskets;\nALTER TABLE orders RENAME COLUMN total TO amount;\n");
  expect_done({"up"});
  const auto as_writer = open_connection(database_.url_as(writer.name()));
  as_writer->execute("INSERT INTO carts VALUES (1, 'old')");
  EXPECT_THROW(as_writer->execute("DELETE FROM carts"), Error);
  const auto as_reader = open_connection(database_.url_as(reader.name()));
  EXPECT_EQ(as_reader->execute("SELECT owner FROM carts").rows.at(0).at(0), "old");
  EXPECT_EQ(as_reader->execute("SELECT sum(amount - total) FROM orders").rows.at(0).at(0), "0");
  EXPECT_THROW(as_reader->execute("SELECT note FROM orders"), Error);
  expect_done({"contract"});
  EXPECT_EQ(as_reader->execute("SELECT count(amount) FROM orders").rows.at(0).at(0), "500");
}

TEST_F(PhasesApart, WhatIsDroppedIsPutAsideFirstAndDroppedAfterTheWait) {
  write("ALTER TABLE orders DROP COLUMN note;\nDROP TABLE leftovers;\n-- martlet:irreversible \"a test\"\n");
  expect_done({"up"});
  sql("INSERT INTO orders (id) VALUES (1001)");
  EXPECT_EQ(database_.value("SELECT count(note) FROM orders"), "500") << "nothing is dropped";
  expect_done({"contract"});
  EXPECT_EQ(database_.value("SELECT count(note_deprecated) FROM orders, leftovers_deprecated"), "500");
  EXPECT_EQ(phase().at("next"), "finish");
  EXPECT_FALSE(phase().at("is_due"));

  const Finished early = run({"finish", "001"});
  EXPECT_EQ(early.exit_code, 9) << early;
  EXPECT_THAT(early.err, AllOf(HasSubstr("not due"), HasSubstr(std::string(phase().at("due"))), HasSubstr("--now")));
  const Finished nothing_due = run({"finish"});
  EXPECT_EQ(nothing_due.exit_code, 0) << nothing_due;
  EXPECT_THAT(nothing_due.err, HasSubstr("V001 is left"));
  wait_is_over();
  EXPECT_THAT(run({"status"}).out, HasSubstr("finish was due on"));
  expect_done({"finish"});
  EXPECT_EQ(schema(), at_once());
  EXPECT_EQ(kept(), "0");
}

TEST_F(PhasesApart, FinishNeedNotWait) {
  write("DROP TABLE leftovers;\n-- martlet:irreversible \"a test\"\n");
  expect_done({"up"});
  expect_done({"contract"});
  expect_done({"finish", "--now"});
  EXPECT_EQ(schema(), at_once());
}

TEST_F(PhasesApart, DroppingForGoodNeedsAYesOnAProtectedEnvironment) {
  protect();
  write("DROP TABLE leftovers;\n-- martlet:irreversible \"a test\"\n");
  expect_done({"up"}, {{"MARTLET_PHASES", ""}});
  expect_done({"contract"}, {{"MARTLET_PHASES", ""}});
  const Finished refused = run({"finish", "--now"});
  EXPECT_EQ(refused.exit_code, 9) << refused;
  EXPECT_THAT(refused.err, HasSubstr("leftovers_deprecated"));
  expect_done({"finish", "--now", "--yes"});
  EXPECT_THAT(schema(), Not(HasSubstr("leftovers")));
}

TEST_F(PhasesApart, ALaterPhaseOfWhatIsNotThereIsAClearError) {
  write(kRename);
  const Finished before = run({"contract", "001"});
  EXPECT_EQ(before.exit_code, 4) << before;
  EXPECT_THAT(before.err, AllOf(HasSubstr("V001 is not applied"), HasSubstr("martlet up")));
  expect_done({"contract"});
  expect_done({"up"});
  const Finished finish = run({"finish", "001"});
  EXPECT_EQ(finish.exit_code, 9) << finish;
  EXPECT_THAT(finish.err, AllOf(HasSubstr("not contracted yet"), HasSubstr("martlet contract V001")));
  expect_done({"contract", "001"});
  const Finished again = run({"contract", "001"});
  EXPECT_EQ(again.exit_code, 9) << again;
  EXPECT_THAT(again.err, HasSubstr("nothing to contract"));
  EXPECT_EQ(run({"contract", "77"}).exit_code, 2);
  EXPECT_EQ(run({"up", "--phase", "half"}).exit_code, 2);
}

TEST_F(PhasesApart, DownGoesBackFromEveryPhase) {
  const std::string before = schema();
  write(kAll);
  expect_done({"up"});
  expect_done({"down"});
  EXPECT_EQ(schema(), before);
  EXPECT_EQ(state(), "reverted");

  expect_done({"up"});
  expect_done({"contract"});
  expect_done({"down"});
  EXPECT_EQ(schema(), before);
  EXPECT_EQ(database_.value("SELECT count(total) + count(note) FROM orders, leftovers"), "1000");
  EXPECT_EQ(kept(), "0");
}

TEST_F(PhasesApart, KilledAnywhereEachPhaseGoesOn) {
  write(kAll);
  for (const char* failpoint : {"plan-stored", "journal-after-done:1", "batch-after-commit:1", "journal-after-done:1",
                                "before-ledger", "after-ledger"}) {
    killed({"up"}, failpoint);
  }
  expect_done({"up"});
  for (const char* failpoint : {"plan-stored", "journal-after-done:1", "journal-after-done:1", "before-ledger"}) {
    killed({"contract"}, failpoint);
  }
  expect_done({"contract"});
  wait_is_over();
  for (const char* failpoint : {"plan-stored", "journal-after-done:1", "before-ledger"}) killed({"finish"}, failpoint);
  expect_done({"finish"});
  EXPECT_EQ(schema(), at_once());
  EXPECT_EQ(kept(), "0");
  EXPECT_EQ(database_.value("SELECT string_agg(event, ' ' ORDER BY number) FROM martlet.audit WHERE event <> 'failed'"),
            "applied contracted finished");
}

// At each boundary that a run passes: back to what was there before.
TEST_F(PhasesApart, KilledAnywhereItIsTakenBack) {
  const std::string before = schema();
  write(kAll);
  for (const char* failpoint : {"journal-after-done:1", "journal-after-done:2", "journal-after-done:3",
                                "batch-after-commit:1", "before-ledger"}) {
    killed({"up"}, failpoint);
    expect_done({"resume", "--undo"});
    EXPECT_EQ(schema(), before) << failpoint;
    EXPECT_EQ(kept(), "0") << failpoint;
    EXPECT_EQ(state(), "") << failpoint;
  }
  for (const char* failpoint : {"journal-after-done:1", "journal-after-done:2", "before-ledger"}) {
    expect_done({"up"});
    killed({"contract"}, failpoint);
    const Finished down = run({"down"});
    EXPECT_THAT(down.err, HasSubstr("martlet resume --undo")) << down;
    expect_done({"resume", "--undo"});
    EXPECT_EQ(schema(), before) << failpoint;
    EXPECT_EQ(state(), "reverted") << failpoint;
  }
}

TEST_F(PhasesApart, AnUndoThatIsKilledGoesOn) {
  const std::string before = schema();
  write(kAll);
  killed({"up"}, "before-ledger");
  for (const char* failpoint : {"plan-stored", "journal-after-done:1", "journal-after-done:1", "before-ledger"}) {
    killed({"resume", "--undo"}, failpoint);
  }
  expect_done({"resume"});
  EXPECT_EQ(schema(), before);
  EXPECT_EQ(kept(), "0");
}

TEST_F(PhasesApart, UndoRefusesWhatNothingTakesBack) {
  write("UPDATE orders SET note = 'x' WHERE id = 1;\nALTER TABLE orders RENAME COLUMN total TO amount;\n");
  killed({"up"}, "journal-after-done:2");
  const std::string before = schema();
  const Finished refused = run({"resume", "--undo"});
  EXPECT_EQ(refused.exit_code, 4) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("V001__change.sql:1:1"), HasSubstr("nothing takes back"),
                                 HasSubstr("this run changed nothing"), HasSubstr("martlet resume")));
  EXPECT_EQ(schema(), before);
  expect_done({"resume"});
}

TEST_F(PhasesApart, WhatOldCodeStillUsesIsRefusedOnAProtectedEnvironment) {
  protect("[contract]\napplication = \"shop-v1%\"\nquery = \"SELECT name FROM old_code\"\n");
  sql("CREATE TABLE old_code (name text)");
  write(kRename);
  expect_done({"up"}, {{"MARTLET_PHASES", ""}});
  const auto old_code = database_.connect({.application_name = "shop-v1 web-3"});
  sql("INSERT INTO old_code VALUES ('a cron job')");
  const Finished refused = run({"contract"});
  EXPECT_EQ(refused.exit_code, 9) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("shop-v1 web-3"), HasSubstr("a cron job"), HasSubstr("nothing was run"),
                                 HasSubstr("--reason")));
  EXPECT_THAT(run({"contract", "--dry-run"}).out,
              AllOf(HasSubstr("in use: session"), HasSubstr("pg_stat_statements is not in this database"),
                    HasSubstr("RENAME COLUMN total TO amount"), HasSubstr("nothing was run")));
  EXPECT_EQ(phase().at("next"), "contract");
  expect_done({"contract", "--force", "--reason", "web-3 is gone by now"});
  EXPECT_THAT(database_.value("SELECT detail FROM martlet.audit WHERE event = 'forced'"),
              AllOf(HasSubstr("web-3 is gone"), HasSubstr("a cron job")));
  EXPECT_THAT(schema(), AllOf(HasSubstr("amount integer"), Not(HasSubstr("total integer"))));
}

TEST_F(PhasesApart, AQueryThatFailsStopsTheContract) {
  project_.folder().write("martlet.toml", "[contract]\nquery = \"SELECT nonsense\"\n");
  write(kRename);
  expect_done({"up"});
  const Finished failed = run({"contract"});
  EXPECT_EQ(failed.exit_code, 4) << failed;
  EXPECT_THAT(failed.err, HasSubstr("contract.query fails"));
}

// It would go with the column that the new name is until then.
TEST_F(PhasesApart, WhatWasMadeForTheNewNameIsNotLost) {
  write(kRename);
  expect_done({"up"});
  sql("CREATE INDEX orders_amount ON orders (amount)");
  const Finished refused = run({"contract"});
  EXPECT_EQ(refused.exit_code, 9) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("orders_amount"), HasSubstr("nothing was run")));
  sql("DROP INDEX orders_amount");
  expect_done({"contract"});
}

// What stands behind it in the file works on the new name.
TEST_F(PhasesApart, AFileThatBuildsOnTheRenameRunsAtOnce) {
  write("ALTER TABLE orders RENAME COLUMN total TO amount;\nCREATE INDEX orders_amount ON orders (amount);\n");
  expect_done({"up"});
  EXPECT_TRUE(phase().is_null());
  EXPECT_EQ(schema(), at_once());
}

TEST_F(PhasesApart, AnAcceptedHazardRunsAtOnce) {
  write("-- martlet:allow rename-column \"nobody uses it\"\n" + std::string(kRename));
  expect_done({"up"});
  EXPECT_TRUE(phase().is_null());
}

TEST_F(PhasesApart, TogetherIsTheDefaultWhereNothingIsProtected) {
  write(kRename);
  expect_done({"up"}, {{"MARTLET_PHASES", ""}});
  EXPECT_TRUE(phase().is_null());
  EXPECT_EQ(schema(), at_once());
}

constexpr std::string_view kSection = R"(ALTER TABLE orders ADD COLUMN status text DEFAULT 'new';
-- martlet:contract wait=2d
ALTER TABLE orders ALTER COLUMN status SET NOT NULL;
ALTER TABLE orders DROP COLUMN note;
-- martlet:down
ALTER TABLE orders DROP COLUMN status;
)";

TEST_F(PhasesApart, AContractSectionWaits) {
  write(kSection);
  expect_done({"up"});
  EXPECT_EQ(phase().at("next"), "contract");
  const std::string since = phase().at("since"), due = phase().at("due");
  EXPECT_EQ(database_.value("SELECT '" + due + "'::timestamptz - '" + since + "'::timestamptz"), "2 days");
  EXPECT_EQ(database_.value("SELECT count(*) FROM pg_attribute WHERE attname = 'note'"), "1");
  killed({"contract"}, "journal-after-done:1");
  expect_done({"contract"});
  EXPECT_EQ(database_.value("SELECT count(note_deprecated) FROM orders"), "500") << "what it drops is put aside";
  expect_done({"finish", "--now"});
  EXPECT_EQ(schema(), at_once());
  EXPECT_EQ(kept(), "0");
}

TEST_F(PhasesApart, AContractSectionIsNoHazardForOldCode) {
  protect();
  const std::string before = schema();
  write(
      "CREATE TABLE tags (id int);\n-- martlet:contract\nALTER TABLE orders RENAME COLUMN total TO amount;\n"
      "ALTER TABLE orders DROP COLUMN note;\n-- martlet:down\nSELECT 1;\n");
  expect_done({"up"}, {{"MARTLET_PHASES", ""}});
  expect_done({"contract"}, {{"MARTLET_PHASES", ""}});
  EXPECT_THAT(schema(), AllOf(HasSubstr("amount integer"), HasSubstr("note_deprecated text"), Not(HasSubstr("sync"))));
  expect_done({"down", "--yes"}, {{"MARTLET_PHASES", ""}});
  EXPECT_EQ(schema(), before);
}

TEST_F(PhasesApart, TheDownOfAContractSectionThatNeverRanIsTheFiles) {
  const std::string before = schema();
  write(kSection);
  expect_done({"up"});
  expect_done({"down"});
  EXPECT_EQ(schema(), before);
  EXPECT_EQ(kept(), "0");
}

TEST_F(PhasesApart, AContractSectionIsReadAsCarefullyAsTheRest) {
  write("SELECT 1;\n-- martlet:contract wait=soon\nSELECT 2;\n");
  const Finished refused = run({"up"});
  EXPECT_EQ(refused.exit_code, 4) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("V001__change.sql:2"), HasSubstr("wait")));
  write("SELECT 1;\n-- martlet:contract when=soon\nSELECT 2;\n");
  EXPECT_THAT(run({"up"}).err, HasSubstr("has no argument `when`"));
}

// A server of its own: it must be told at its start to count statements.
TEST(PhasesCounted, StatementsThatNameWhatGoesCountAsUse) {
  LocalServer server({.settings = {{"shared_preload_libraries", "pg_stat_statements"}}});
  const TestDatabase database(server);
  const Project project;
  database.query("CREATE EXTENSION pg_stat_statements");
  database.query("CREATE TABLE orders (id int PRIMARY KEY, total int)");
  project.write("V001__change.sql", std::string(kRename));
  project.folder().write("martlet.toml", "protected = true\n[backup]\nbefore = \"never\"\n");
  const auto martlet = [&](std::vector<std::string> arguments) { return project.run(database.url(), arguments); };
  database.query("SELECT total FROM orders");
  const Finished expanded = martlet({"up"});
  EXPECT_EQ(expanded.exit_code, 0) << expanded;

  database.query("SELECT amount FROM orders");
  EXPECT_THAT(martlet({"contract", "--dry-run"}).out, Not(HasSubstr("in use"))) << "nothing was called since";
  database.query("SELECT total FROM orders");
  database.query("UPDATE orders SET total = 1 WHERE id = 5");
  const Finished refused = martlet({"contract"});
  EXPECT_EQ(refused.exit_code, 9) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("called once since the expand phase"), HasSubstr("SELECT total FROM orders"),
                                 HasSubstr("UPDATE orders SET total"), Not(HasSubstr("amount FROM"))));
  database.query("SELECT pg_stat_statements_reset()");
  const Finished contracted = martlet({"contract"});
  EXPECT_EQ(contracted.exit_code, 0) << contracted;
}

// What stands below `-- martlet:contract` takes names away, too.
TEST(PhasesCounted, StatementsThatNameWhatASectionTakesCountAsUse) {
  LocalServer server({.settings = {{"shared_preload_libraries", "pg_stat_statements"}}});
  const TestDatabase database(server);
  const Project project;
  database.query("CREATE EXTENSION pg_stat_statements");
  database.query("CREATE TABLE orders (id int PRIMARY KEY, total int, note text)");
  database.query("CREATE TABLE drafts (id int)");
  database.query("CREATE SCHEMA shop");
  database.query("CREATE TABLE shop.drafts (id int)");
  project.write("V001__change.sql",
                "ALTER TABLE orders ADD COLUMN amount int;\n-- martlet:contract\nALTER TABLE orders DROP COLUMN note;\n"
                "DROP TABLE drafts;\n-- martlet:down\nSELECT 1;\n");
  project.folder().write("martlet.toml", "protected = true\n[backup]\nbefore = \"never\"\n");
  const auto martlet = [&](std::vector<std::string> arguments) { return project.run(database.url(), arguments); };
  database.query("SELECT note FROM orders");
  database.query("SELECT id FROM drafts");
  const Finished expanded = martlet({"up"});
  EXPECT_EQ(expanded.exit_code, 0) << expanded;

  database.query("SELECT total FROM orders");
  database.query("SELECT id FROM shop.drafts");
  EXPECT_THAT(martlet({"contract", "--dry-run"}).out, Not(HasSubstr("in use"))) << "nothing was called since";
  database.query("SELECT note FROM orders");
  database.query("SELECT id FROM drafts");
  const Finished refused = martlet({"contract"});
  EXPECT_EQ(refused.exit_code, 9) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("SELECT note FROM orders"), HasSubstr("SELECT id FROM drafts"),
                                 Not(HasSubstr("shop")), Not(HasSubstr("total"))));
  database.query("SELECT pg_stat_statements_reset()");
  const Finished contracted = martlet({"contract"});
  EXPECT_EQ(contracted.exit_code, 0) << contracted;
}

}  // namespace
}  // namespace martlet::testing
