#include "schema/read/copied_row.h"

#include <gmock/gmock.h>

#include "schema/read/expression_text.h"
#include "schema/read/node_text.h"

namespace martlet {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(CopiedRow, ReadsFields) {
  CopiedRow row;
  row.read("12\t\\N\ta\\tb\\\\c\tt\t-7\t1.5e+06\t1 2 3\t{4,-5}\t{a,\"b \\\\\"\"}\t");
  ASSERT_EQ(row.size(), 10);
  EXPECT_EQ(row.id(0), 12);
  EXPECT_TRUE(row.is_null(1));
  EXPECT_EQ(row.text(1), "");
  EXPECT_EQ(row.letter(1, '-'), '-');
  EXPECT_EQ(row.text(2), "a\tb\\c");
  EXPECT_TRUE(row.flag(3));
  EXPECT_EQ(row.integer(4), -7);
  EXPECT_EQ(row.real(5), 1.5e6);
  EXPECT_THAT(row.integers(6), ElementsAre(1, 2, 3));
  EXPECT_THAT(row.integers(7), ElementsAre(4, -5));
  EXPECT_THAT(row.integers(1), IsEmpty());
  EXPECT_EQ(row.text(9), "");
}

TEST(CopiedRow, SplitsArraysOfTexts) {
  EXPECT_THAT(split_array("{}"), IsEmpty());
  EXPECT_THAT(split_array("{a,b}"), ElementsAre("a", "b"));
  EXPECT_THAT(split_array(R"({"a,b","c\"d\\",NULL,"NULL",""})"), ElementsAre("a,b", "c\"d\\", "", "NULL", ""));
}

TEST(ExpressionText, TakesOnlyTheOuterParenthesesAway) {
  EXPECT_EQ(without_parentheses("(a > 0)"), "a > 0");
  EXPECT_EQ(without_parentheses("((a > 0))"), "a > 0");
  EXPECT_EQ(without_parentheses("(a > 0) AND (b > 0)"), "(a > 0) AND (b > 0)");
  EXPECT_EQ(without_parentheses("(a <> ')'::text)"), "a <> ')'::text");
  EXPECT_EQ(without_parentheses("(a <> E'\\')'::text)"), "a <> E'\\')'::text");
  EXPECT_EQ(without_parentheses("(a"), "(a");
  EXPECT_EQ(without_parentheses(""), "");
}

TEST(ExpressionText, SplitsAtOuterCommas) {
  EXPECT_THAT(split_expressions("lower(a, b), (c + 1), 'x,y', ARRAY[1, 2]"),
              ElementsAre("lower(a, b)", "(c + 1)", "'x,y'", "ARRAY[1, 2]"));
  EXPECT_THAT(split_expressions(""), IsEmpty());
}

TEST(NodeText, FindsFunctionsAndColumns) {
  const Catalog catalog = empty_catalog();
  EXPECT_EQ(stored_volatility(catalog, "{CONST :consttype 23}"), Volatility::immutable);
  EXPECT_EQ(stored_volatility(catalog, "{FUNCEXPR :funcid 1299 :funcresulttype 1184}"), Volatility::stable);
  EXPECT_EQ(stored_volatility(catalog, "{OPEXPR :opno 1 :opfuncid 1598 :args ({FUNCEXPR :funcid 1299})}"),
            Volatility::volatile_);
  EXPECT_EQ(stored_volatility(catalog, "{SQLVALUEFUNCTION :op 0}"), Volatility::stable);
  EXPECT_THAT(stored_columns("({VAR :varno 1 :varattno 3} {VAR :varno 1 :varattno 1} {VAR :varattno 3})"),
              ElementsAre(1, 3));
}

}  // namespace
}  // namespace martlet
