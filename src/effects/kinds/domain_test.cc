#include <gtest/gtest.h>

#include "effects/model_for_test.h"

namespace martlet {
namespace {

// Expectations are what PostgreSQL 15.18 was measured to do.

TEST(Domain, ReadsTheTablesWithAColumnOfIt) {
  ModelForTest model;
  model.run(
      "CREATE DOMAIN d AS int; CREATE DOMAIN over AS d; CREATE TABLE t(a d); CREATE TABLE u(a over);"
      "CREATE TABLE v(a int)");
  EXPECT_EQ(model.effects_of("ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0)"), "t:Share+scan u:Share+scan");
  EXPECT_EQ(model.effects_of("ALTER DOMAIN d VALIDATE CONSTRAINT c"), "t:Share+scan u:Share+scan");
  EXPECT_EQ(model.effects_of("ALTER DOMAIN d ADD CHECK (VALUE < 9) NOT VALID"), "");
}

TEST(Domain, IsNotCheckedInsideOfOtherTypes) {
  ModelForTest model;
  model.run("CREATE DOMAIN d AS int; CREATE TABLE t(a d[])");
  EXPECT_EQ(model.effects_of("ALTER DOMAIN d SET NOT NULL"),
            "ERR 0A000 cannot alter type \"d\" because column \"t.a\" uses it");
  ModelForTest composite;
  composite.run("CREATE DOMAIN d AS int; CREATE TYPE c AS (x d); CREATE TABLE t(a c)");
  EXPECT_EQ(composite.effects_of("ALTER DOMAIN d ADD CHECK (VALUE > 0)"),
            "ERR 0A000 cannot alter type \"d\" because column \"t.a\" uses it");
}

TEST(Enum, ALabelIsNotUsedBeforeItIsCommitted) {
  ModelForTest model;
  model.run("CREATE TYPE hue AS ENUM ('red'); CREATE TABLE t(h hue DEFAULT 'red')");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER h SET DEFAULT 'blue'"),
            "ERR 22P02 invalid input value for enum hue: \"blue\"");
  model.run("BEGIN; ALTER TYPE hue ADD VALUE 'blue'");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER h SET DEFAULT 'blue'"),
            "ERR 55P04 unsafe use of new value \"blue\" of enum type hue");
  model.run("COMMIT; ALTER TYPE hue RENAME VALUE 'red' TO 'crimson'");
  EXPECT_EQ(model.effects_of("ALTER TABLE t ALTER h SET DEFAULT 'blue'"), "t:AccessExclusive");
}

}  // namespace
}  // namespace martlet
