#include <gtest/gtest.h>

#include "effects/model_for_test.h"

namespace martlet {
namespace {

// Expectations are what PostgreSQL 15.20 was measured to do.

TEST(AlterTable, RewritesWhereADefaultVariesAndOnlyThere) {
  ModelForTest model;
  model.run("CREATE TABLE t(id int PRIMARY KEY, a int); INSERT INTO t VALUES (1)");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN b int DEFAULT 5"), "t:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now()"), "t:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN d timestamptz DEFAULT clock_timestamp()"),
            "t:AccessExclusive+rewrite t_pkey:AccessExclusive+rebuilt");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN e int GENERATED ALWAYS AS (a * 2) STORED"),
            "t:AccessExclusive+rewrite t_pkey:AccessExclusive+rebuilt");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN f int CHECK (f > 0)"), "t:AccessExclusive+scan");
}

TEST(AlterTable, ADefaultIsAsVolatileAsTheBodyThatIsInlined) {
  ModelForTest model;
  model.catalog.others.add({.id = model.catalog.next_id(), .schema = "", .name = "sql", .kind = "language"});
  model.run(
      "CREATE TABLE t(id int);"
      "CREATE FUNCTION one() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';"
      "CREATE FUNCTION any_one() RETURNS float8 LANGUAGE sql VOLATILE AS 'SELECT random()';"
      "CREATE FUNCTION from_rows() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT id FROM t'");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN a int DEFAULT one()"), "t:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN b float8 DEFAULT any_one()"), "t:AccessExclusive+rewrite");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN c int DEFAULT from_rows()"), "t:AccessExclusive+rewrite");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN d int GENERATED ALWAYS AS (one()) STORED"),
            "ERR 42P17 generation expression is not immutable");
}

TEST(AlterTable, ARenamedColumnIsRenamedInExpressions) {
  ModelForTest model;
  model.run(
      "CREATE TABLE t(a int CHECK (a > 0), f int); CREATE INDEX i ON t ((a + f)) WHERE a > 1;"
      "ALTER TABLE t RENAME a TO b");
  EXPECT_EQ(model.find("t")->constraints.front().expression, "b > 0");
  EXPECT_EQ(model.find("i")->index->keys.front().expression, "b + f");
  EXPECT_EQ(model.find("i")->index->predicate, "b > 1");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER b TYPE bigint"),
            "i:AccessExclusive+rebuilt t:AccessExclusive+rewrite");
}

TEST(AlterTable, TypeChangesFollowCastsModifiersAndTheTimeZone) {
  ModelForTest model;
  model.run(
      "CREATE TABLE t(v varchar(20), n numeric(10,2), ts timestamp(3), tz timestamptz, i int, c char(10), a text[]);"
      "CREATE INDEX t_v ON t(v); CREATE INDEX t_ts ON t(ts)");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER v TYPE varchar(50)"), "t:AccessExclusive t_v:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER v TYPE text"), "t:AccessExclusive t_v:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER n TYPE numeric(12,2)"), "t:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER n TYPE numeric(14,3)"),
            "t:AccessExclusive+rewrite t_ts:AccessExclusive+rebuilt t_v:AccessExclusive+rebuilt");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER ts TYPE timestamp(6)"), "t:AccessExclusive t_ts:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER ts TYPE timestamptz"),
            "t:AccessExclusive+scan t_ts:AccessExclusive+rebuilt");
  model.session.time_zone = "Europe/Berlin";
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER tz TYPE timestamp"),
            "t:AccessExclusive+rewrite t_ts:AccessExclusive+rebuilt t_v:AccessExclusive+rebuilt");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER i TYPE boolean"),
            "ERR 42804 column \"i\" cannot be cast automatically to type boolean");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER i TYPE oid USING i::oid"), "t:AccessExclusive");
}

TEST(AlterTable, SetNotNullIsProvedByAValidatedCheck) {
  ModelForTest model;
  model.run(
      "CREATE TABLE t(a int, b int, c int, CHECK (a IS NOT NULL AND b > 0));"
      "ALTER TABLE t ADD CONSTRAINT c_nn CHECK (c IS NOT NULL) NOT VALID");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER a SET NOT NULL"), "t:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER b SET NOT NULL"), "t:AccessExclusive+scan");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER c SET NOT NULL"), "t:AccessExclusive+scan");
}

TEST(AlterTable, AttachingReadsWhatNoConstraintProves) {
  ModelForTest model;
  model.run(
      "CREATE TABLE p(k int) PARTITION BY RANGE (k); CREATE TABLE d PARTITION OF p DEFAULT;"
      "CREATE TABLE plain(k int); CREATE TABLE proved(k int NOT NULL, CHECK (k >= 10 AND k < 20))");
  EXPECT_EQ(model.effects_of("ALTER TABLE p ATTACH PARTITION proved FOR VALUES FROM (0) TO (100)"),
            "d:AccessExclusive+scan p:ShareUpdateExclusive proved:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE p ATTACH PARTITION plain FOR VALUES FROM (50) TO (200)"),
            "ERR 42P17 partition \"plain\" would overlap partition \"proved\"");
  EXPECT_EQ(model.effects_of("ALTER TABLE p ATTACH PARTITION plain FOR VALUES FROM (100) TO (200)"),
            "d:AccessExclusive+scan p:ShareUpdateExclusive plain:AccessExclusive+scan");
  EXPECT_EQ(model.effects_of("ALTER TABLE p DETACH PARTITION plain"),
            "d:AccessExclusive p:AccessExclusive plain:AccessExclusive");
}

TEST(AlterTable, LocksAreThoseOfTheSubCommands) {
  ModelForTest model;
  model.run("CREATE TABLE t(id int PRIMARY KEY, a int); CREATE TABLE r(id int REFERENCES t)");
  EXPECT_EQ(model.effects_of("ALTER TABLE t SET (fillfactor = 70)"), "t:ShareUpdateExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t SET (user_catalog_table = true)"), "t:AccessExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t DISABLE TRIGGER ALL"), "t:ShareRowExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER a SET STATISTICS 500"), "t:ShareUpdateExclusive");
  EXPECT_EQ(model.effects_of("ALTER TABLE r DROP CONSTRAINT r_id_fkey"), "r:AccessExclusive t:AccessExclusive");
}

TEST(AlterTable, FailsAsTheServerDoesAndLeavesNothing) {
  ModelForTest model;
  model.run(
      "CREATE TABLE t(id int PRIMARY KEY, a int); CREATE TABLE r(id int REFERENCES t); CREATE VIEW v AS SELECT a FROM "
      "t");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN z int, DROP COLUMN nope"),
            "ERR 42703 column \"nope\" of relation \"t\" does not exist");
  EXPECT_EQ(model.find("t")->column("z"), nullptr);
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD COLUMN a int"),
            "ERR 42701 column \"a\" of relation \"t\" already exists");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER a TYPE bigint"),
            "ERR 0A000 cannot alter type of a column used by a view or rule");
  EXPECT_EQ(model.effects_of("ALTER TABLE t DROP COLUMN id"),
            "ERR 2BP01 cannot drop column id of table t because other objects depend on it");
  EXPECT_EQ(model.effects_of("ALTER TABLE v ADD COLUMN z int").substr(0, 9), "ERR 42809");
  EXPECT_EQ(model.effects_of("ALTER TABLE t DROP COLUMN id CASCADE"),
            "r:AccessExclusive t:AccessExclusive t_pkey:AccessExclusive");
}

}  // namespace
}  // namespace martlet
