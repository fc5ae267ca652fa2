#include "sql/token_stream.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

const char* const texts[] = {
    "select 1, 'a;\nb', \"c\n,\" /* d;\n, */ -- e, ;\n; select 2",
    "select E'a\\''\n'b\\';', 'c' -- d\n  'e' , U&'f'\n 'g'; select $x$\n;,\n$x$, 1.5e10, a::b, c >= d\n;",
    "-- only\n-- comments,\n/* here, /* and\n */ there */\n",
    "insert into t values (1,'a'),(2,'b'),(3,'c'),(4,'d'),(5,'e'),(6,'f,'';'),(7,'g');",
    "select 0x1F,\n1_000, 0b1;\n1_0;\n",
    "create function f() returns int begin atomic\n select 1;\n end;\n\n\nselect '\xC3\xA9',\n\"\xC3\xBC\";",
};

using Tokens = std::vector<std::pair<std::size_t, int>>;

Tokens read_all(TokenStream stream) {
  Tokens tokens;
  for (ScanToken token = stream.next(); token.kind != 0; token = stream.next()) {
    tokens.emplace_back(token.start, token.kind);
  }
  return tokens;
}

TEST(TokenStream, GivesTheSameTokensWhateverTheSizeOfItsPieces) {
  for (const char* text : texts) {
    Tokens whole = read_all(TokenStream(text));
    for (std::size_t size = 1; size < 90; ++size) EXPECT_EQ(read_all(TokenStream(text, size)), whole) << text;
  }
}

TEST(TokenStream, ThrowsAnErrorWhenItIsReachedAndNotBefore) {
  std::string text = "select 1;\n'it";
  for (std::size_t size : {1, 5, 100}) {
    TokenStream stream(text, size);
    for (std::size_t start : {0, 7, 8}) EXPECT_EQ(stream.next().start, start);
    try {
      stream.next();
      FAIL();
    } catch (const ScanError& error) {
      EXPECT_EQ(error.offset, 10U);
      EXPECT_EQ(error.message, "unterminated quoted string");
    }
    stream.jump(11);
    EXPECT_EQ(stream.next().start, 11U);
    EXPECT_EQ(stream.next().kind, 0);
  }
}

}  // namespace
}  // namespace martlet
