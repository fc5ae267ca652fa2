#include <gtest/gtest.h>

#include "sql/statement.h"

namespace martlet {
namespace {

TEST(Quote, Identifiers) {
  EXPECT_EQ(quote_identifier("a"), "\"a\"");
  EXPECT_EQ(quote_identifier("A \"b\" é"), "\"A \"\"b\"\" é\"");
  EXPECT_EQ(quote_identifier("a\\b"), "\"a\\b\"");
}

TEST(Quote, OnlyWhereNeeded) {
  for (const char* plain : {"a", "_a1", "orders", "action"}) EXPECT_EQ(quote_where_needed(plain), plain);
  for (const char* name : {"", "A", "1a", "a b", "user", "order", "between", "xmltable", "all"}) {
    EXPECT_EQ(quote_where_needed(name), quote_identifier(name));
  }
}

TEST(Quote, Literals) {
  for (Dialect dialect : {Dialect::postgres, Dialect::sqlite}) {
    EXPECT_EQ(quote_literal("", dialect), "''");
    EXPECT_EQ(quote_literal("it's é", dialect), "'it''s é'");
  }
  EXPECT_EQ(quote_literal("\\'", Dialect::postgres), "E'\\\\'''");
  EXPECT_EQ(quote_literal("\\'", Dialect::sqlite), "'\\'''");
}

}  // namespace
}  // namespace martlet
