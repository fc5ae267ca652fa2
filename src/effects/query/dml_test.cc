#include <gtest/gtest.h>

#include "effects/model_for_test.h"

namespace martlet {
namespace {

TEST(ChangedRows, OnlyThePartitionOfAWrittenRowIsLocked) {
  ModelForTest model;
  model.run(
      "CREATE TABLE events (k int, a int) PARTITION BY RANGE (k);"
      "CREATE TABLE low PARTITION OF events FOR VALUES FROM (0) TO (100);"
      "CREATE TABLE high PARTITION OF events FOR VALUES FROM (100) TO (MAXVALUE);");
  EXPECT_EQ(model.effects_of("INSERT INTO events VALUES (5, 1)"), "events:RowExclusive low:RowExclusive");
  EXPECT_EQ(model.effects_of("INSERT INTO events VALUES (100, 1), (99, 1)"),
            "events:RowExclusive high:RowExclusive low:RowExclusive");
  EXPECT_EQ(model.effects_of("INSERT INTO events VALUES (-1, 1)"),
            "ERR 23514 no partition of relation \"events\" found for row");
}

TEST(ChangedRows, WhereThePartitionIsNotWrittenAllAreTakenForGranted) {
  ModelForTest model;
  model.run(
      "CREATE TABLE events (k int) PARTITION BY LIST (k); CREATE TABLE one PARTITION OF events FOR VALUES IN (1);"
      "CREATE TABLE other PARTITION OF events DEFAULT");
  const Effects effects = model.run("INSERT INTO events SELECT generate_series(1, 2)");
  EXPECT_EQ(effects.assumptions, std::vector<std::string>{"the rows go to every partition of events"});
  EXPECT_EQ(model.effects_of("INSERT INTO events SELECT 1 WHERE false"), "events:RowExclusive");
}

TEST(ChangedRows, WhatIsNeverTrueReadsNothing) {
  ModelForTest model;
  model.run("CREATE TABLE t (a int); CREATE TABLE u (a int)");
  for (const char* never : {"false", "NULL", "1 = 0", "a > 1 AND false", "NOT true", "false OR 2 < 1"}) {
    EXPECT_EQ(model.effects_of(std::string("SELECT * FROM t WHERE ") + never), "") << never;
    EXPECT_EQ(model.effects_of(std::string("DELETE FROM t WHERE ") + never), "t:RowExclusive") << never;
  }
  for (const char* maybe : {"true", "1 = 1", "a > 1 OR false", "NOT false"}) {
    EXPECT_EQ(model.effects_of(std::string("SELECT * FROM t WHERE ") + maybe), "t:+scan") << maybe;
  }
  EXPECT_EQ(model.effects_of("SELECT * FROM t LIMIT 0"), "");
}

TEST(ChangedRows, AViewIsFollowedToItsTable) {
  ModelForTest model;
  model.run(
      "CREATE TABLE t (a int, b int NOT NULL); CREATE VIEW whole AS SELECT b AS renamed, a, a + 1 AS more FROM t;"
      "CREATE VIEW twice AS SELECT renamed FROM whole; CREATE VIEW sums AS SELECT sum(a) FROM t");
  EXPECT_EQ(model.effects_of("DELETE FROM twice"), "t:RowExclusive+scan twice:RowExclusive whole:RowExclusive");
  EXPECT_EQ(model.effects_of("INSERT INTO whole (a) VALUES (1)"),
            "ERR 23502 null value in column \"b\" of relation \"t\" violates not-null constraint");
  EXPECT_EQ(model.effects_of("UPDATE whole SET more = 1"), "ERR 0A000 cannot update column \"more\" of view \"whole\"");
  EXPECT_EQ(model.effects_of("DELETE FROM sums"), "ERR 55000 cannot delete from view \"sums\"");
}

TEST(ChangedRows, AViewKeepsItsTableWhereNamesAreExchanged) {
  ModelForTest model;
  model.run(
      "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;"
      "ALTER TABLE t RENAME TO was_t; CREATE TABLE t (a int)");
  EXPECT_EQ(model.effects_of("DELETE FROM v"), "v:RowExclusive was_t:RowExclusive+scan");
}

TEST(ChangedRows, RulesRunToo) {
  ModelForTest model;
  model.run(
      "CREATE TABLE t (a int); CREATE TABLE log (a int);"
      "CREATE RULE noted AS ON UPDATE TO t WHERE old.a > 5 DO ALSO INSERT INTO log VALUES (new.a);"
      "CREATE RULE kept AS ON DELETE TO t DO INSTEAD NOTHING");
  EXPECT_EQ(model.effects_of("UPDATE t SET a = 1"), "log:RowExclusive t:RowExclusive+scan");
  EXPECT_EQ(model.effects_of("DELETE FROM t"), "t:RowExclusive");
  EXPECT_EQ(model.effects_of("DELETE FROM t RETURNING a"),
            "ERR 0A000 cannot perform DELETE RETURNING on relation \"t\"");
  EXPECT_EQ(model.effects_of("WITH gone AS (DELETE FROM t) SELECT 1"),
            "ERR 0A000 DO INSTEAD NOTHING rules are not supported for data-modifying statements in WITH");
}

TEST(ChangedRows, ADefaultDrawsFromTheSequenceItNames) {
  ModelForTest model;
  model.run("CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s'), a int); CREATE SEQUENCE own OWNED BY t.a");
  EXPECT_EQ(model.effects_of("INSERT INTO t DEFAULT VALUES"), "s:RowExclusive t:RowExclusive");
  EXPECT_EQ(model.effects_of("INSERT INTO t (id) VALUES (1)"), "t:RowExclusive");
  EXPECT_EQ(model.effects_of("SELECT nextval('t')"), "ERR 42809 \"t\" is not a sequence");
}

TEST(ChangedRows, APreparedStatementIsOnlyAnalysedUntilItIsExecuted) {
  ModelForTest model;
  model.run("CREATE TABLE t (a int PRIMARY KEY)");
  EXPECT_EQ(model.effects_of("PREPARE p AS DELETE FROM t"), "t:RowExclusive");
  EXPECT_EQ(model.effects_of("EXECUTE p"), "t:RowExclusive+scan t_pkey:RowExclusive");
  EXPECT_EQ(model.effects_of("DEALLOCATE p; EXECUTE p"),
            "not known: what the prepared statement p does was said elsewhere");
}

TEST(ChangedRows, ANameInTwoTablesIsAmbiguous) {
  ModelForTest model;
  model.run("CREATE TABLE t (a int, b int); CREATE TABLE u (a int, c int)");
  EXPECT_EQ(model.effects_of("SELECT a FROM t, u"), "ERR 42702 column reference \"a\" is ambiguous");
  for (const char* fine : {"SELECT a FROM t JOIN u USING (a)", "SELECT a FROM t NATURAL JOIN u", "SELECT t.a FROM t, u",
                           "SELECT b, c FROM t, u"}) {
    EXPECT_EQ(model.effects_of(fine), "t:+scan u:+scan") << fine;
  }
}

}  // namespace
}  // namespace martlet
