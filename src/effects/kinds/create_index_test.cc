#include <gtest/gtest.h>

#include "effects/model_for_test.h"

namespace martlet {
namespace {

// Expectations are what PostgreSQL 15.18 was measured to do.

TEST(CreateIndex, AsksOnlyWhatTheAccessMethodCanDo) {
  ModelForTest model;
  model.run("CREATE TABLE t(a int, b text, p point)");
  EXPECT_EQ(model.effects_of("CREATE INDEX i ON t USING hash (a)"), "t:Share+scan");
  EXPECT_EQ(model.effects_of("CREATE UNIQUE INDEX ON t USING hash (a)"),
            "ERR 0A000 access method \"hash\" does not support unique indexes");
  EXPECT_EQ(model.effects_of("CREATE INDEX ON t USING hash (a, b)"),
            "ERR 0A000 access method \"hash\" does not support multicolumn indexes");
  EXPECT_EQ(model.effects_of("CREATE INDEX ON t USING brin (a) INCLUDE (b)"),
            "ERR 0A000 access method \"brin\" does not support included columns");
  EXPECT_EQ(model.effects_of("CREATE INDEX ON t USING gist (p DESC)"),
            "ERR 0A000 access method \"gist\" does not support ASC/DESC options");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD EXCLUDE USING brin (a WITH =)"),
            "ERR 0A000 access method \"brin\" does not support exclusion constraints");
}

TEST(CreateIndex, NeedsAnOperatorClassForTheType) {
  ModelForTest model;
  model.run("CREATE TABLE t(a int, b text, p point)");
  EXPECT_EQ(model.effects_of("CREATE INDEX ON t USING gin (a)"),
            "ERR 42704 data type integer has no default operator class for access method \"gin\"");
  EXPECT_EQ(model.effects_of("CREATE INDEX ON t (b nothing_ops)"),
            "ERR 42704 operator class \"nothing_ops\" does not exist for access method \"btree\"");
  EXPECT_EQ(model.effects_of("CREATE INDEX ON t (a text_pattern_ops)"),
            "ERR 42804 operator class \"text_pattern_ops\" does not accept data type integer");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ADD EXCLUDE USING gist (p WITH &&&)"),
            "ERR 42883 operator does not exist: point &&& point");
}

TEST(CreateIndex, TakesAnythingForGrantedThatAnExtensionMayBring) {
  ModelForTest model;
  model.run("CREATE TABLE t(a int, b text); CREATE EXTENSION btree_gin");
  EXPECT_EQ(model.effects_of("CREATE INDEX i ON t USING gin (a)"), "t:Share+scan");
  EXPECT_EQ(model.effects_of("CREATE INDEX j ON t USING gin (b gin_trgm_ops)"), "t:Share+scan");
}

TEST(CreateIndex, OfAPartitionedTableIsValidWhenEachPartitionHasOne) {
  ModelForTest model;
  model.run(
      "CREATE TABLE p(k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
      "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE INDEX i ON ONLY p (k);"
      "CREATE INDEX i1 ON p1 (k); CREATE INDEX i2 ON p2 (k); ALTER INDEX i ATTACH PARTITION i1");
  EXPECT_FALSE(model.find("i")->index->valid);
  model.run("ALTER INDEX i ATTACH PARTITION i2");
  EXPECT_TRUE(model.find("i")->index->valid);
  EXPECT_EQ(model.effects_of("CREATE INDEX IF NOT EXISTS i ON p (k)"), "p:Share p1:Share p2:Share");
}

}  // namespace
}  // namespace martlet
