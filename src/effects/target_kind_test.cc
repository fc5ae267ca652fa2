#include <gtest/gtest.h>

#include "effects/model_for_test.h"

namespace martlet {
namespace {

class TargetKind : public ::testing::Test {
 protected:
  TargetKind() {
    model_.run(
        "CREATE SCHEMA app; CREATE TABLE t (id serial PRIMARY KEY, a int); CREATE VIEW v AS SELECT a FROM t;"
        "CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA; CREATE SEQUENCE s; CREATE TYPE pair AS (x int)");
  }
  std::string effects_of(const std::string& sql) { return model_.effects_of(sql); }

  ModelForTest model_;
};

TEST_F(TargetKind, AlterIndexRenamesWhateverItIsButLocksItHarder) {
  EXPECT_EQ(effects_of("ALTER INDEX t_pkey RENAME TO key"), "t_pkey:ShareUpdateExclusive");
  EXPECT_EQ(effects_of("ALTER INDEX v RENAME TO w"), "v:AccessExclusive");
  EXPECT_EQ(effects_of("ALTER INDEX pair RENAME TO two"), "ERR 42809 \"pair\" is a composite type");
}

TEST_F(TargetKind, SetSchemaTakesOnlyTheKindItNames) {
  EXPECT_EQ(effects_of("ALTER VIEW t SET SCHEMA app"), "ERR 42809 \"t\" is not a view");
  EXPECT_EQ(effects_of("ALTER SEQUENCE v SET SCHEMA app"), "ERR 42809 \"v\" is not a sequence");
  EXPECT_EQ(effects_of("ALTER TABLE v SET SCHEMA app"), "v:AccessExclusive");
}

TEST_F(TargetKind, ATableThatIsThereAlreadyIsLockedWithItsSequences) {
  EXPECT_EQ(effects_of("ALTER TABLE t SET SCHEMA public"), "t:AccessExclusive t_id_seq:AccessExclusive");
}

TEST_F(TargetKind, ACommentIsOnExactlyTheKindItNames) {
  EXPECT_EQ(effects_of("COMMENT ON TABLE v IS 'x'"), "ERR 42809 \"v\" is not a table");
  EXPECT_EQ(effects_of("COMMENT ON VIEW v IS 'x'"), "v:ShareUpdateExclusive");
  EXPECT_EQ(effects_of("COMMENT ON RULE \"_RETURN\" ON v IS 'x'"), "");
}

TEST_F(TargetKind, OnlyTablesAndViewsAreLocked) {
  EXPECT_EQ(effects_of("LOCK TABLE m"), "ERR 42809 cannot lock relation \"m\"");
  EXPECT_EQ(effects_of("LOCK TABLE v"), "t:AccessExclusive v:AccessExclusive");
}

TEST_F(TargetKind, SystemCatalogsAreNobodysToChange) {
  const std::string refused = "ERR 42501 permission denied: \"pg_class\" is a system catalog";
  for (const char* sql : {"ALTER TABLE pg_class RENAME TO x", "DROP TABLE pg_class",
                          "CREATE INDEX ON pg_class (relname)", "ALTER TABLE pg_class ADD COLUMN z int"}) {
    EXPECT_EQ(effects_of(sql), refused) << sql;
  }
}

TEST_F(TargetKind, ACompositeTypeIsLockedAsTheRelationThatItIs) {
  EXPECT_EQ(effects_of("ALTER TYPE pair RENAME TO two"), "pair:AccessExclusive");
}

TEST_F(TargetKind, AViewWithoutRowsCannotBeRead) {
  EXPECT_EQ(effects_of("SELECT * FROM m"), "ERR 55000 materialized view \"m\" has not been populated");
  EXPECT_EQ(effects_of("EXPLAIN SELECT * FROM m"), "");
  EXPECT_EQ(effects_of("SELECT * FROM m WHERE false"), "");
}

TEST_F(TargetKind, ASequenceIsWrittenAnewWhereItChanges) {
  EXPECT_EQ(effects_of("ALTER SEQUENCE s RESTART"), "s:ShareRowExclusive+rewrite");
  EXPECT_EQ(effects_of("ALTER SEQUENCE s OWNED BY t.a"), "s:ShareRowExclusive");
  EXPECT_EQ(effects_of("TRUNCATE t RESTART IDENTITY"),
            "s:AccessExclusive+rewrite t:AccessExclusive+rewrite t_id_seq:AccessExclusive+rewrite "
            "t_pkey:AccessExclusive+rebuilt");
}

TEST_F(TargetKind, ASequenceThatADefaultDrawsFromIsNeeded) {
  model_.run("CREATE TABLE user_of_s (id int DEFAULT nextval('s'))");
  EXPECT_EQ(effects_of("DROP SEQUENCE s"), "ERR 2BP01 cannot drop sequence s because other objects depend on it");
  EXPECT_EQ(effects_of("DROP SEQUENCE s CASCADE"), "s:AccessExclusive user_of_s:AccessExclusive");
  EXPECT_EQ(model_.find("user_of_s")->column("id")->default_sql, "");
}

TEST_F(TargetKind, DroppingATableTakesPoliciesAndFunctionsThatReadIt) {
  model_.catalog.others.add({.id = model_.catalog.next_id(), .name = "sql", .kind = "language"});
  model_.run(
      "CREATE TABLE guarded (a int); CREATE POLICY p ON guarded USING (a IN (SELECT id FROM t));"
      "CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END");
  EXPECT_EQ(effects_of("DROP TABLE t"), "ERR 2BP01 cannot drop table t because other objects depend on it");
  EXPECT_FALSE(model_.run("DROP TABLE t CASCADE").error);
  EXPECT_TRUE(model_.find("guarded")->policies.empty());
  EXPECT_EQ(model_.catalog.functions.find("public", "counted"), nullptr);
}

}  // namespace
}  // namespace martlet
