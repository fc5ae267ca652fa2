#include <gtest/gtest.h>

#include "effects/model_for_test.h"

namespace martlet {
namespace {

TEST(CreateTable, MakesColumnsKeysAndForeignKeysWithTheNamesTheServerGives) {
  ModelForTest model;
  EXPECT_EQ(model.effects_of("CREATE TABLE p(id int PRIMARY KEY, x varchar(50))"), "");
  EXPECT_EQ(model.effects_of("CREATE TABLE t(id bigserial PRIMARY KEY, pid int NOT NULL REFERENCES p, a int UNIQUE, "
                             "CHECK (a > 0), UNIQUE (a, pid))"),
            "p:ShareRowExclusive");
  const Relation& t = *model.find("t");
  ASSERT_EQ(t.columns.size(), 3);
  EXPECT_TRUE(t.column("id")->not_null);
  EXPECT_EQ(t.column("id")->default_volatility, Volatility::volatile_);
  EXPECT_NE(model.find("t_id_seq"), nullptr);
  EXPECT_EQ(t.column("id")->owned_sequence, model.find("t_id_seq")->id);
  for (const char* name : {"t_pkey", "t_pid_fkey", "t_a_key", "t_a_check", "t_a_pid_key"}) {
    EXPECT_NE(t.constraint(name), nullptr) << name;
  }
  EXPECT_EQ(t.indexes.size(), 3);
  EXPECT_EQ(model.find("p")->column("x")->type.modifier, 54);
}

TEST(CreateTable, FailsAsTheServerDoes) {
  ModelForTest model;
  model.run("CREATE TABLE t(id int PRIMARY KEY, a int)");
  EXPECT_EQ(model.effects_of("CREATE TABLE t(id int)"), "ERR 42P07 relation \"t\" already exists");
  EXPECT_EQ(model.effects_of("CREATE TABLE IF NOT EXISTS t(id int)"), "");
  EXPECT_EQ(model.effects_of("CREATE TABLE x.y(id int)"), "ERR 3F000 schema \"x\" does not exist");
  EXPECT_EQ(model.effects_of("CREATE TABLE y(id nothing)"), "ERR 42704 type \"nothing\" does not exist");
  EXPECT_EQ(model.effects_of("CREATE TABLE y(t int REFERENCES u)"), "ERR 42P01 relation \"u\" does not exist");
  EXPECT_EQ(model.effects_of("CREATE TABLE y(t int REFERENCES t(a))"),
            "ERR 42830 there is no unique constraint matching given keys for referenced table \"t\"");
  EXPECT_EQ(model.find("y"), nullptr);
}

TEST(CreateTable, OfAPartitionLocksParentAndDefault) {
  ModelForTest model;
  model.run(
      "CREATE TABLE part(id int NOT NULL, k int PRIMARY KEY) PARTITION BY RANGE (k); CREATE INDEX ON part(id);"
      "CREATE TABLE partd PARTITION OF part DEFAULT");
  EXPECT_EQ(model.effects_of("CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (1000)"),
            "part:AccessExclusive part_id_idx:ShareUpdateExclusive part_pkey:ShareUpdateExclusive "
            "partd:AccessExclusive+scan");
  EXPECT_EQ(model.find("part1")->partition.bound, "FOR VALUES FROM (0) TO (1000)");
  EXPECT_NE(model.find("part1_pkey"), nullptr);
  EXPECT_NE(model.find("part1_id_idx"), nullptr);
}

}  // namespace
}  // namespace martlet
