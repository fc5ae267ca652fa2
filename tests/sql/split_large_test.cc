// Files of 100 MB.
#include <gtest/gtest.h>

#include "sql/statement.h"

namespace martlet {
namespace {

constexpr std::size_t hundred_megabytes = 100'000'000;

std::string filled(std::size_t size, std::string_view piece) {
  std::string text;
  text.reserve(size + piece.size());
  while (text.size() < size) text += piece;
  return text;
}

TEST(SplitLarge, ManyStatements) {
  const std::string value = "insert into t values (1, '" + std::string(2000, 'x') + "');\n";
  for (Dialect dialect : {Dialect::postgres, Dialect::sqlite}) {
    SourceText source{filled(hundred_megabytes, value), "big.sql", 1};
    std::vector<Statement> statements = split(source, dialect);
    std::size_t expected = source.text.size() / value.size();
    ASSERT_EQ(statements.size(), expected);
    EXPECT_EQ(statements.back().place.text(), "big.sql:" + std::to_string(expected) + ":1");
    EXPECT_EQ(statements.back().text.size() + 2, value.size());
  }
}

TEST(SplitLarge, OneStatement) {
  const std::string literal(hundred_megabytes, 'x');
  for (Dialect dialect : {Dialect::postgres, Dialect::sqlite}) {
    std::vector<Statement> statements = split({"select '" + literal + "';\n select 2", "big.sql", 1}, dialect);
    ASSERT_EQ(statements.size(), 2U);
    EXPECT_EQ(statements[0].text.size(), literal.size() + 9);
    EXPECT_EQ(statements[1].place.text(), "big.sql:2:2");
  }
}

TEST(SplitLarge, CopyData) {
  const std::string row = "1\tit's $$ /* \\N\t" + std::string(200, 'x') + "\n";
  const std::string data = filled(hundred_megabytes, row);
  std::vector<Statement> statements =
      split({"copy t from stdin;\n" + data + "\\.\nselect 1;", "big.sql", 1}, Dialect::postgres);
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].copy_data, data);
  EXPECT_EQ(statements[1].place.line, static_cast<int>(data.size() / row.size()) + 3);
}

/// What cannot be told apart by a `;` near each cut: a function body, and one line without end.
TEST(SplitLarge, LongBodiesAndLongLines) {
  const std::string body = filled(1'000'000, "  perform 'a;';\n");
  const std::string line = filled(1'000'000, "(1, 'a''b,;'), ");
  std::vector<Statement> statements = split(
      {"do $$\n" + body + "$$; insert into t values " + line + "(2, ''); select 1", "big.sql", 1}, Dialect::postgres);
  ASSERT_EQ(statements.size(), 3U);
  EXPECT_EQ(statements[0].text.size(), body.size() + 8);
  EXPECT_EQ(statements[1].text, "insert into t values " + line + "(2, '')");
  EXPECT_EQ(statements[2].text, "select 1");
}

TEST(SplitLarge, ATriggerWithManyStatements) {
  const std::string body = filled(5'000'000, "update t set a = case when 1 then 2 end;\n");
  std::vector<Statement> statements =
      split({"create trigger x after insert on t begin\n" + body + "end; select 1", "big.sql", 1}, Dialect::sqlite);
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_TRUE(statements[0].text.ends_with("end"));
}

TEST(SplitLarge, AnUnterminatedQuoteAtTheBeginning) {
  for (Dialect dialect : {Dialect::postgres, Dialect::sqlite}) {
    try {
      split({"select 1;\nselect 'a;\n" + filled(20'000'000, "select 1;\n"), "big.sql", 1}, dialect);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.place.text(), "big.sql:2:8");
    }
  }
}

}  // namespace
}  // namespace martlet
