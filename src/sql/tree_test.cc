#include "sql/tree.h"

#include <gtest/gtest.h>
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include <string>
#include <thread>

#include "sql/nodes.h"

namespace martlet {
namespace {

Statement statement(const std::string& sql) {
  Statement made;
  made.text = sql;
  return made;
}

std::string packed(const PgQuery__ParseResult& tree) {
  std::string bytes(pg_query__parse_result__get_packed_size(&tree), '\0');
  pg_query__parse_result__pack(&tree, reinterpret_cast<std::uint8_t*>(bytes.data()));
  return bytes;
}

/// As the library packs it itself.
std::string packed_by_library(const std::string& sql) {
  const PgQueryProtobufParseResult result = pg_query_parse_protobuf(sql.c_str());
  std::string bytes(result.parse_tree.data, result.parse_tree.len);
  pg_query_free_protobuf_parse_result(result);
  return bytes;
}

class TreeCopy : public ::testing::TestWithParam<std::string> {};

TEST_P(TreeCopy, IsWhatTheLibraryPacks) {
  Arena memory;
  const Tree tree = parse_tree(statement(GetParam()), memory);
  ASSERT_NE(tree.nodes, nullptr) << tree.error;
  EXPECT_EQ(packed(*tree.nodes), packed_by_library(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    Each, TreeCopy,
    ::testing::Values(
        "SELECT 1", "SELECT DISTINCT a, b.*, 'x', '', 1.5, B'101', NULL, true, -3, 9999999999 FROM t AS b (c, d)",
        "SELECT a[1:2], b[:], (c).d, f(VARIADIC x), count(*) FILTER (WHERE y) OVER (PARTITION BY z ORDER BY q NULLS "
        "LAST)",
        "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT * FROM r LIMIT 5 FOR UPDATE SKIP LOCKED",
        "CREATE TABLE \"A b\".t (id bigint GENERATED ALWAYS AS IDENTITY (START 5), n numeric(12, 2)[] COLLATE \"C\" "
        "NOT "
        "NULL DEFAULT 0 CHECK (n > 0), EXCLUDE USING gist (r WITH &&) WHERE (x), FOREIGN KEY (a, b) REFERENCES u (c, "
        "d) "
        "ON DELETE SET NULL (a) DEFERRABLE) PARTITION BY RANGE (lower(k), j COLLATE \"de\") WITH (fillfactor = 70)",
        "ALTER TABLE t ADD COLUMN c text, ALTER d TYPE int USING d::int, DROP CONSTRAINT e CASCADE, VALIDATE "
        "CONSTRAINT f",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY t USING btree (a DESC, (b + 1) text_ops) INCLUDE (c) "
        "NULLS NOT DISTINCT WHERE d IS NOT NULL",
        "INSERT INTO t VALUES (1, DEFAULT), (2, $1) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING *",
        "MERGE INTO a USING b ON a.i = b.i WHEN MATCHED AND x THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)",
        "CREATE FUNCTION f(a int, OUT b text) LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
        "CREATE TRIGGER g AFTER UPDATE OF a ON t REFERENCING NEW TABLE AS n FOR EACH ROW WHEN (true) EXECUTE FUNCTION "
        "f('x')",
        "DO $$ BEGIN END $$", "GRANT SELECT (a), UPDATE ON t TO r WITH GRANT OPTION", "SET TIME ZONE INTERVAL '1' HOUR",
        "CREATE OPERATOR === (LEFTARG = int, FUNCTION = f)", "COMMENT ON FUNCTION f(int, text) IS ''",
        "COPY t (a) FROM STDIN WITH (FORMAT csv, HEADER)", "VACUUM (ANALYZE, PARALLEL 2) a, b (c)",
        "SELECT * FROM t TABLESAMPLE s (5) REPEATABLE (1), XMLTABLE('/r' PASSING x COLUMNS a int PATH 'b'), LATERAL "
        "f()"));

TEST(Tree, CopiesMayBeReadOnAnotherThreadAndWithOthers) {
  Arena memory;
  const Tree first = parse_tree(statement("SELECT a FROM t"), memory),
             second = parse_tree(statement("DROP TABLE u"), memory);
  const Tree broken = parse_tree(statement("DROP TABEL u"), memory);
  std::string texts;
  std::thread([&] {
    for (const Tree* each : {&first, &second}) texts += deparse_statement(*statement_node(*each->nodes)) + ";";
  }).join();
  EXPECT_EQ(texts, "SELECT a FROM t;DROP TABLE u;");
  EXPECT_EQ(broken.nodes, nullptr);
  EXPECT_EQ(broken.error_position, 6);
}

// Each in an array, which the deparser writes, and alone.
TEST(Tree, SimpleExpressionsAreWrittenAsTheDeparserDoes) {
  for (const std::string expression : {"0",
                                       "-1",
                                       "12345678901",
                                       "1.50",
                                       "1e10",
                                       "'x'",
                                       "'it''s'",
                                       "E'a\\nb'",
                                       "''",
                                       "true",
                                       "false",
                                       "NULL",
                                       "B'101'",
                                       "now()",
                                       "\"Now\"()",
                                       "current_date",
                                       "pg_catalog.now()",
                                       "coalesce(1)",
                                       "count(*)",
                                       "value()",
                                       "f(1)"}) {
    Arena memory;
    const Tree tree = parse_tree(statement("SELECT ARRAY[" + expression + "], " + expression), memory);
    ASSERT_NE(tree.nodes, nullptr) << expression;
    const PgQuery__SelectStmt& select = *statement_node(*tree.nodes)->select_stmt;
    EXPECT_EQ("ARRAY[" + deparse_expression(*select.target_list[1]->res_target->val) + "]",
              deparse_expression(*select.target_list[0]->res_target->val));
  }
}

TEST(Tree, WhatIsDeepIsCopiedOrNotAnalysed) {
  std::string sum = "SELECT 1";
  for (int i = 0; i < 20'000; ++i) sum += "+1";
  Arena memory;
  EXPECT_NE(parse_tree(statement(sum), memory).nodes, nullptr);
  for (int i = 0; i < 80'000; ++i) sum += "+1";
  const Tree tree = parse_tree(statement(sum), memory);
  EXPECT_FALSE(tree.analysed);
  EXPECT_EQ(tree.nodes, nullptr);
}

}  // namespace
}  // namespace martlet
