// Changes of many rows in batches: the same rows at the end as after the one statement, whatever the key, whoever else
// writes, and whatever goes wrong.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/step/batch_fixture.h"

namespace martlet {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr int kRows = 5000;

// ---- Any key

struct KeyCase {
  const char* name;
  const char* table;  // with columns n and doubled
  const char* fill;   // the key's values, of g
};

const KeyCase kKeyCases[] = {
    {"Bigint", "CREATE TABLE t (id bigint PRIMARY KEY, n int, doubled int)", "g"},
    {"SmallNegative", "CREATE TABLE t (id int PRIMARY KEY, n int, doubled int)", "-g * 1000"},
    {"Uuid", "CREATE TABLE t (id uuid PRIMARY KEY, n int, doubled int)", "md5(g::text)::uuid"},
    {"Text", "CREATE TABLE t (id text COLLATE \"C\" PRIMARY KEY, n int, doubled int)",
     "'Key ''' || g % 7 || ' ä' || g"},
    {"Character", "CREATE TABLE t (id char(10) PRIMARY KEY, n int, doubled int)", "'k' || g"},
    {"Composite", "CREATE TABLE t (a int, b text, n int, doubled int, PRIMARY KEY (b, a))", "g, (g % 11)::text"},
    {"Timestamp", "CREATE TABLE t (at timestamptz PRIMARY KEY, n int, doubled int)",
     "'2020-01-01'::timestamptz + g * interval '1.000001 s'"},
    {"Numeric", "CREATE TABLE t (id numeric(12, 3) PRIMARY KEY, n int, doubled int)", "g / 7.0"},
    {"Float", "CREATE TABLE t (id float8 PRIMARY KEY, n int, doubled int)", "g / 7.0::float8"},
    {"UniqueNotNull", "CREATE TABLE t (id int NOT NULL UNIQUE, n int, doubled int)", "g"},
    {"None", "CREATE TABLE t (id int, n int, doubled int)", "g"},
    {"Partitioned",
     "CREATE TABLE t (id int PRIMARY KEY, n int, doubled int) PARTITION BY RANGE (id);"
     "CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (1000);"
     "CREATE TABLE t_high PARTITION OF t DEFAULT",
     "g"},
    {"QuotedNames",
     "CREATE SCHEMA \"My Shop\"; SET search_path = \"My Shop\", public;"
     "CREATE TABLE t (\"Order \"\"No\" int PRIMARY KEY, n int, doubled int)",
     "g"},
};

void PrintTo(const KeyCase& one, std::ostream* stream) {
  *stream << one.name;
}

class BatchKeys : public BatchTest, public ::testing::WithParamInterface<KeyCase> {
 protected:
  BatchKeys() {
    sql(GetParam().table);
    sql(fmt::format("INSERT INTO t SELECT {}, g, NULL FROM generate_series(1, {}) g", GetParam().fill, kRows));
    sql("ANALYZE t");
  }
  std::string wrong() { return value("SELECT count(*) FROM t WHERE doubled IS DISTINCT FROM 2 * n"); }
};

TEST_P(BatchKeys, AnUpdateChangesEveryRow) {
  const BatchOutcome outcome = run("UPDATE t SET doubled = 2 * n", {.workers = 3, .size = 300});
  EXPECT_EQ(wrong(), "0");
  EXPECT_EQ(outcome.changed, kRows);
  EXPECT_GE(outcome.batches, kRows / 400);
  EXPECT_FALSE(outcome.more_appear);
  ASSERT_EQ(journal().size(), 1u);
  EXPECT_EQ(journal()[0].state, StepState::done);
  EXPECT_EQ(run("UPDATE t SET doubled = 2 * n").batches, 0) << "it was done";
}

TEST_P(BatchKeys, OnlyRowsThatFitAreChangedAndDeleted) {
  run("UPDATE t SET doubled = 2 * n WHERE n % 50 = 0", {.size = 10});
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE doubled = 2 * n"), "100");
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE doubled IS NULL"), "4900");
  forget();
  EXPECT_EQ(run("DELETE FROM t WHERE doubled IS NULL", {.size = 700}).changed, 4900);
  EXPECT_EQ(value("SELECT count(*) FROM t"), "100");
}

INSTANTIATE_TEST_SUITE_P(Any, BatchKeys, ::testing::ValuesIn(kKeyCases),
                         [](const auto& each) { return each.param.name; });

// ---- Statements

class Batch : public BatchTest {
 protected:
  void fill(int rows = kRows) {
    sql(
        fmt::format("CREATE TABLE t (id bigint PRIMARY KEY, n int, b text); "
                    "INSERT INTO t SELECT g, g, NULL FROM generate_series(1, {}) g; ANALYZE t",
                    rows));
  }
};

TEST_F(Batch, InsertSelectCopiesEachRowOnce) {
  fill();
  sql("CREATE TABLE copy (id bigint, what text)");
  run("INSERT INTO copy (id, what) SELECT it.id, 'row ' || it.n FROM t AS it WHERE it.n > 100",
      {.workers = 2, .size = 90});
  EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT id) || ' ' || min(what) FROM copy"), "4900 4900 row 1000");
}

TEST_F(Batch, AnEmptyTableAndOneWithoutRowsThatFitAreDoneAtOnce) {
  sql("CREATE TABLE t (id bigint PRIMARY KEY, n int, b text)");
  EXPECT_EQ(run("UPDATE t SET b = 'x' WHERE b IS NULL").changed, 0);
  forget();
  sql("CREATE TABLE nokey (n int)");
  EXPECT_EQ(run("DELETE FROM nokey").changed, 0);
  forget();
  sql("INSERT INTO t SELECT g FROM generate_series(1, 3000) g");
  EXPECT_EQ(run("UPDATE t SET b = n::text WHERE b IS NULL").changed, 0) << "NULL is what they have";
  EXPECT_EQ(journal()[0].state, StepState::done);
}

TEST_F(Batch, RowsThatComeBehindTheCursorAreFoundByAnotherPass) {
  fill();
  int turns = 0;
  turn_ = [&] {
    if (++turns == 10) database_.query("INSERT INTO t SELECT -g, g, NULL FROM generate_series(1, 10) g");
  };
  EXPECT_EQ(run("UPDATE t SET b = 'x' WHERE b IS NULL", {.size = 200}).changed, kRows + 10);
  EXPECT_GE(turns, 10);
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b IS NULL"), "0");
}

TEST_F(Batch, OthersMayWriteMeanwhile) {
  fill();
  std::atomic<bool> stop = false;
  std::atomic<long> added = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&, i, session = std::shared_ptr(open())] {
      for (long n = i; !stop; n += 7) {
        const std::string id = std::to_string(1 + n * 37 % kRows);
        session->execute("UPDATE t SET n = n + 1 WHERE id = $1", {id});
        ++added;
      }
    });
  }
  run("UPDATE t SET b = 'done'", {.target = std::chrono::milliseconds(10), .workers = 2});
  stop = true;
  for (std::thread& each : writers) each.join();
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b = 'done'"), std::to_string(kRows));
  EXPECT_EQ(value("SELECT sum(n) FROM t"), std::to_string(kRows * (kRows + 1L) / 2 + added)) << "an update was lost";
}

TEST_F(Batch, SettingsOfTheSessionHoldForTheWorkersToo) {
  fill(10);
  sql("CREATE SCHEMA other; CREATE FUNCTION other.word() RETURNS text STABLE LANGUAGE sql RETURN 'found'");
  sql("SET search_path = public, other");
  run("UPDATE t SET b = word() WHERE b IS NULL");
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b = 'found'"), "10");
}

TEST_F(Batch, BatchesArePausedAndEndedByTheCaller) {
  fill();
  int turns = 0;
  turn_ = [&turns] {
    if (++turns == 5) throw Error(ErrorKind::cancelled, "somebody said stop");
  };
  const Error error = failure("UPDATE t SET b = 'x' WHERE b IS NULL", {.size = 100});
  EXPECT_EQ(error.kind, ErrorKind::partial);
  EXPECT_EQ(error.message, "somebody said stop");
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b = 'x'"), "400");
  EXPECT_EQ(journal()[0].state, StepState::started);
  turn_ = {};
  EXPECT_EQ(run("UPDATE t SET b = 'x' WHERE b IS NULL").changed, kRows);
}

TEST_F(Batch, AStatementThatWasEditedMeanwhileIsRefused) {
  fill();
  turn_ = [n = 0]() mutable {
    if (++n == 3) throw Error(ErrorKind::cancelled, "stop");
  };
  failure("UPDATE t SET b = 'x' WHERE b IS NULL", {.size = 100});
  turn_ = {};
  EXPECT_THAT(failure("UPDATE t SET b = 'y' WHERE b IS NULL").message,
              HasSubstr("was changed after an unfinished run"));
}

// ---- Failures

TEST_F(Batch, RowsThatCannotBeChangedAreFoundAndLeftOut) {
  fill();
  sql("ALTER TABLE t ADD CHECK (b IS NULL OR id NOT IN (3, 777, 4999))");
  const Error error = failure("UPDATE t SET b = 'x' WHERE b IS NULL", {.skip_errors = 2});
  EXPECT_EQ(error.kind, ErrorKind::partial);
  EXPECT_THAT(error.message, AllOf(HasSubstr("id = 4999"), HasSubstr("violates check constraint")));
  EXPECT_THAT(error.detail, AllOf(HasSubstr("left out: id = 3:"), HasSubstr("left out: id = 777:")));
  EXPECT_EQ(error.sqlstate, "23514");
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b IS NULL"), "4") << "the three, and the row behind the last of them";

  const BatchOutcome outcome = run("UPDATE t SET b = 'x' WHERE b IS NULL", {.skip_errors = 3});
  std::vector<std::string> keys;
  for (const SkippedRow& row : outcome.skipped) keys.push_back(row.key.at(0));
  EXPECT_THAT(keys, UnorderedElementsAre("3", "777", "4999"));
  EXPECT_EQ(value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t WHERE b IS NULL"), "3 777 4999");
}

TEST_F(Batch, RowsThatCannotBeChangedAreFoundWithoutAKeyToo) {
  sql("CREATE TABLE t (n int, b text); INSERT INTO t SELECT g FROM generate_series(1, 2000) g;"
      "ALTER TABLE t ADD CHECK (b IS NULL OR n NOT IN (5, 1500))");
  EXPECT_EQ(run("UPDATE t SET b = 'x' WHERE b IS NULL", {.skip_errors = 2}).skipped.size(), 2u);
  EXPECT_EQ(value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM t WHERE b IS NULL"), "5 1500");
}

TEST_F(Batch, AnErrorThatIsNotAboutARowEndsIt) {
  fill();
  const Error error = failure("UPDATE t SET b = 'x'::nowhere WHERE b IS NULL", {.skip_errors = 1000});
  EXPECT_EQ(error.sqlstate, "42704");
  EXPECT_NE(error.kind, ErrorKind::partial);
  EXPECT_TRUE(journal().empty());
}

TEST_F(Batch, ALockedRowIsTriedAgain) {
  fill();
  auto other = open();
  other->execute("BEGIN");
  other->execute("UPDATE t SET n = n + 1 WHERE id = 2500");
  std::thread release([&] {
    EXPECT_TRUE(testing::eventually([&] {
      return database_.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") != "0";
    }));
    other->execute("COMMIT");
  });
  run("UPDATE t SET b = 'x'", {.lock_wait = std::chrono::milliseconds(20)});
  release.join();
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b = 'x'"), std::to_string(kRows));
  EXPECT_EQ(value("SELECT n FROM t WHERE id = 2500"), "2501");
}

TEST_F(Batch, ALockedRowIsNotWaitedForLongerThanTheDeadline) {
  fill();
  auto other = open();
  other->execute("BEGIN");
  other->execute("UPDATE t SET n = n + 1 WHERE id = 2500");
  const Error error = failure("UPDATE t SET b = 'x'", {.lock_wait = std::chrono::milliseconds(10),
                                                       .lock_deadline = std::chrono::milliseconds(300)});
  EXPECT_EQ(error.kind, ErrorKind::partial);
  EXPECT_EQ(error.sqlstate, "55P03");
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b = 'x'"), "2499") << "the batches shrink down to the locked row";
  other->execute("COMMIT");
  EXPECT_EQ(run("UPDATE t SET b = 'x'").changed, kRows);
}

TEST_F(Batch, ADeadlockIsTriedAgain) {
  fill();
  sql("ALTER DATABASE " + quote_identifier(database_.name()) + " SET deadlock_timeout = '50ms'");
  auto other = open();
  other->execute("BEGIN");
  other->execute("UPDATE t SET n = n + 1 WHERE id = 400");
  std::atomic<bool> fell = false;
  std::thread crossing([&] {
    EXPECT_TRUE(testing::eventually([&] {
      return database_.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") != "0";
    }));
    try {
      other->execute("UPDATE t SET n = n + 1 WHERE id = 1");
    } catch (const Error& error) {
      fell = error.sqlstate == "40P01";
    }
    other->rollback();
  });
  run("UPDATE t SET b = 'x'", {.lock_wait = std::chrono::seconds(20)});
  crossing.join();
  const bool batch_fell = !said_.empty() && said_.front().find("deadlock") != std::string::npos;
  EXPECT_TRUE(fell || batch_fell);
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b = 'x'"), std::to_string(kRows));
}

class BatchAsOwner : public Batch {
 protected:
  std::unique_ptr<Connection> connect() override { return open_connection(database_.url_as(role_.name())); }
  testing::TestRole role_{database_};
};

TEST_F(BatchAsOwner, RowsThatPoliciesHideAreAnErrorNotSkipped) {
  fill(100);
  sql("ALTER TABLE t OWNER TO " + role_.name() + "; GRANT USAGE ON SCHEMA martlet TO " + role_.name() +
      "; GRANT ALL ON ALL TABLES IN SCHEMA martlet TO " + role_.name() +
      "; ALTER TABLE t ENABLE ROW LEVEL SECURITY; "
      "ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id < 50)");
  const Error error = failure("UPDATE t SET b = 'x'");
  EXPECT_EQ(error.sqlstate, "42501");
  EXPECT_THAT(error.message, HasSubstr("policies of public.t would hide rows"));
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b = 'x'"), "0");
  sql("ALTER TABLE t NO FORCE ROW LEVEL SECURITY");
  EXPECT_EQ(run("UPDATE t SET b = 'x'").changed, 100);
}

// ---- Crashes

class BatchCrash : public Batch {
 protected:
  BatchCrash() {
    fill();
    sql("CREATE TABLE copy (id bigint)");
  }
  // A copy shows by its rows whether anything was done twice or not at all.
  static constexpr const char* kCopy = "INSERT INTO copy SELECT id FROM t";
  const BatchSettings settings_{.workers = 2, .size = 150};

  Forked start(const std::string& failpoint) {
    return Forked([&] {
      setenv("MARTLET_FAILPOINT", failpoint.c_str(), 1);
      auto mine = open();
      run_with(*mine, kCopy, settings_);
    });
  }
  void expect_whole_copy() {
    EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT id) FROM copy"), "5000 5000");
    sql("TRUNCATE copy");
    forget();
  }
};

TEST_F(BatchCrash, GoesOnAfterAKillAtEveryBoundary) {
  for (const std::string failpoint : {"batch-after-started", "batch-before", "batch-before:9", "batch-after-commit",
                                      "batch-after-commit:12", "batch-before-done"}) {
    SCOPED_TRACE(failpoint);
    EXPECT_EQ(start(failpoint).wait(), -SIGKILL);
    EXPECT_EQ(journal().at(0).state, StepState::started);
    run(kCopy, settings_);
    expect_whole_copy();
  }
}

TEST_F(BatchCrash, GoesOnAfterKillsAtRandomMoments) {
  int kills = 0;
  for (int round = 0; round < 3; ++round) {
    // The n-th kill comes when so many rows are copied; the moment within a batch is the scheduler's.
    for (int limit = 500; limit < kRows; limit += 1500) {
      Forked child = start("none");
      EXPECT_TRUE(
          testing::eventually([&] { return std::stol(database_.value("SELECT count(*) FROM copy")) >= limit; }));
      child.kill();
      kills += child.wait() == -SIGKILL;
    }
    run(kCopy, settings_);
    expect_whole_copy();
  }
  EXPECT_GT(kills, 0);
}

TEST_F(BatchCrash, ALostSessionLosesNothing) {
  turn_ = [this, n = 0]() mutable {
    if (++n == 7) {
      database_.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'martlet/test' AND query "
          "NOT LIKE '%advisory%' AND datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle' LIMIT "
          "1");
    }
  };
  auto mine = open();
  try {
    run_with(*mine, kCopy, settings_);
  } catch (const ConnectionLost&) {
  }
  turn_ = {};
  connection_ = open();
  run(kCopy, settings_);
  expect_whole_copy();
}

// ---- What cannot be batched

TEST_F(Batch, StatementsThatCannotBeBatchedAreRefusedWithTheReason) {
  fill(10);
  sql("CREATE TABLE parent (id int PRIMARY KEY, b text); CREATE TABLE child () INHERITS (parent);"
      "CREATE VIEW v AS SELECT * FROM t; CREATE TEMP TABLE here (id int PRIMARY KEY, b text);"
      "CREATE TABLE copy (LIKE t); CREATE TABLE docs (id int PRIMARY KEY, body json, token uuid)");
  const struct {
    const char* statement;
    const char* reason;
  } kCases[] = {
      {"UPDATE t SET id = id + 1", "not idempotent"},
      {"UPDATE t SET id = 7", "SET changes id, by which the batches go"},
      {"UPDATE t SET n = n + 1", "not idempotent: the new value of n is made of n"},
      {"UPDATE t SET b = n, n = length(b)", "not idempotent"},
      {"UPDATE docs SET token = gen_random_uuid()", "a value is volatile"},
      {"UPDATE docs SET body = '{}'", "cannot be compared"},
      {"UPDATE t SET b = 'x' FROM copy WHERE copy.id = t.id", "reads another table"},
      {"UPDATE t SET b = (SELECT max(b) FROM copy)", "subquery"},
      {"UPDATE t SET b = 'x' WHERE id IN (SELECT id FROM copy)", "subquery"},
      {"UPDATE t SET b = 'x' RETURNING id", "RETURNING"},
      {"WITH w AS (SELECT 1) UPDATE t SET b = 'x'", "WITH"},
      {"UPDATE t SET (n, b) = (1, 'x')", "several columns at once"},
      {"UPDATE ONLY t SET b = 'x'", "ONLY"},
      {"UPDATE v SET b = 'x'", "not a table"},
      {"UPDATE here SET b = 'x'", "temporary"},
      {"UPDATE nowhere SET b = 'x'", "not known"},
      {"UPDATE parent SET b = 'x'", "neither a primary key"},
      {"DELETE FROM t USING copy WHERE t.id = copy.id", "reads another table"},
      {"INSERT INTO copy VALUES (1)", "VALUES"},
      {"INSERT INTO copy DEFAULT VALUES", "one row"},
      {"INSERT INTO t SELECT id + 100 FROM t", "reads the table that it fills"},
      {"INSERT INTO t SELECT id FROM copy", "has no primary key"},
      {"INSERT INTO copy SELECT t.id FROM t JOIN docs USING (id)", "more than one table"},
      {"INSERT INTO copy SELECT max(id) FROM t", "over all rows"},
      {"INSERT INTO copy SELECT DISTINCT id FROM t", "DISTINCT"},
      {"INSERT INTO copy SELECT id FROM t ORDER BY id LIMIT 5", "LIMIT"},
      {"INSERT INTO copy (id) SELECT id FROM t UNION ALL SELECT id FROM docs", "UNION"},
      {"CREATE TABLE x (id int)", "only UPDATE, DELETE and INSERT"},
  };
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.statement);
    try {
      change_of(*connection_, one.statement);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::validation);
      EXPECT_THAT(error.message, HasSubstr(one.reason));
      EXPECT_EQ(error.place.line, 1);
    }
  }
}

TEST_F(Batch, AVolatileValueIsFineWhereNullTellsWhichRowsAreDone) {
  sql("CREATE TABLE docs (id int PRIMARY KEY, token uuid); INSERT INTO docs SELECT g FROM generate_series(1, 1000) g");
  run("UPDATE docs SET token = gen_random_uuid() WHERE token IS NULL", {.size = 100});
  EXPECT_EQ(value("SELECT count(DISTINCT token) FROM docs"), "1000");
}

TEST_F(Batch, TheKeyCanBeChosen) {
  sql("CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, c int, UNIQUE (a, b))");
  EXPECT_EQ(change_of(*connection_, "UPDATE t SET c = 1").key, (std::vector<BatchChange::Key>{{"id", "integer"}}));
  EXPECT_EQ(change_of(*connection_, "UPDATE t SET c = 1", "key=a,b").key,
            (std::vector<BatchChange::Key>{{"a", "integer"}, {"b", "integer"}}));
  for (const char* key : {"key=c", "key=b,a", "key=a", "key=nowhere"}) {
    EXPECT_THROW(change_of(*connection_, "UPDATE t SET c = 1", key), Error) << key;
  }
}

TEST_F(Batch, AChangeSurvivesTheJournal) {
  fill(10);
  sql("CREATE TABLE copy (LIKE t INCLUDING ALL)");
  for (const char* statement : {"UPDATE t SET b = 'ä\"''x' WHERE b IS NULL", "DELETE FROM t WHERE n > 5",
                                "INSERT INTO copy (id, n) SELECT id, n FROM t AS x ON CONFLICT (id) DO NOTHING"}) {
    const BatchChange change = change_of(*connection_, statement);
    EXPECT_EQ(BatchChange::from_json(change.to_json()), change) << statement;
  }
  EXPECT_THROW(BatchChange::from_json("{}"), Error);
  EXPECT_THROW(BatchChange::from_json("no json"), Error);
}

}  // namespace
}  // namespace martlet
