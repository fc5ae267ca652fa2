#include <gtest/gtest.h>
#include <pg_query/pg_query.pb-c.h>

#include "sql/statement.h"
#include "sql/tree.h"

namespace martlet {
namespace {

std::vector<SyntaxProblem> problems_of(const std::string& text) {
  return check_syntax(split({text, "V1__x.sql", 10}, Dialect::postgres), Dialect::postgres);
}

std::string repeated(const std::string& piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(CheckSyntax, FindsNothingInWhatParses) {
  EXPECT_TRUE(problems_of("select 1; create table t (a int); copy t from stdin;\n1\n\\.\n").empty());
  EXPECT_TRUE(check_syntax({{"selec 1", {}, "", false}}, Dialect::sqlite).empty());
}

TEST(CheckSyntax, NamesThePlaceInTheFile) {
  auto found = problems_of("select 1; select 'äö', from é;\n\ncreate\n  /* ü */ tabel t (a int);\nselect (");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].place.text(), "V1__x.sql:10:24");
  EXPECT_EQ(found[0].message, "syntax error at or near \"from\"");
  EXPECT_EQ(found[1].place.text(), "V1__x.sql:13:11");
  EXPECT_EQ(found[1].message, "syntax error at or near \"tabel\"");
  EXPECT_EQ(found[2].place.text(), "V1__x.sql:14:9");
  EXPECT_EQ(found[2].message, "syntax error at end of input");
  for (const SyntaxProblem& problem : found) EXPECT_TRUE(problem.analysed);
}

TEST(CheckSyntax, SurvivesDeepAndLongStatements) {
  EXPECT_TRUE(problems_of("select 1" + repeated("+1", 5000)).empty());
  EXPECT_TRUE(problems_of("select " + repeated("not ", 3000) + "true").empty());
  EXPECT_TRUE(problems_of("select '" + repeated("x", 1'000'000) + "'").empty());
  for (const std::string& text :
       {"select 1" + repeated("+1", 100'000), "select " + repeated("(", 100'000) + "1" + repeated(")", 100'000),
        "select " + repeated("(", 20'000) + "1" + repeated(")", 20'000), "select '" + repeated("x", 5'000'000) + "'"}) {
    auto found = problems_of("select 1;\n" + text);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE(found[0].analysed);
    EXPECT_EQ(found[0].place.text(), "V1__x.sql:11:1");
  }
}

TEST(VisitTrees, GivesTypedNodes) {
  int visited = 0;
  visit_trees(split({"drop table a; oops", "", 1}, Dialect::postgres),
              [&](const Statement& statement, const Tree& tree) {
                ++visited;
                if (statement.text == "oops") {
                  EXPECT_EQ(tree.nodes, nullptr);
                  EXPECT_EQ(tree.error_position, 1);
                  return;
                }
                ASSERT_NE(tree.nodes, nullptr);
                ASSERT_EQ(tree.nodes->n_stmts, 1U);
                EXPECT_EQ(tree.nodes->stmts[0]->stmt->node_case, PG_QUERY__NODE__NODE_DROP_STMT);
              });
  EXPECT_EQ(visited, 2);
}

TEST(VisitTrees, PassesOnWhatTheVisitorThrows) {
  for (int length : {1, 10'000}) {
    auto statements = split({"select '" + repeated("x", length) + "'", "", 1}, Dialect::postgres);
    auto visitor = [](const Statement&, const Tree&) { throw Error(ErrorKind::refused, "enough"); };
    EXPECT_THROW(visit_trees(statements, visitor), Error);
  }
}

}  // namespace
}  // namespace martlet
