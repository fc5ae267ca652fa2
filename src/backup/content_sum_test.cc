#include "backup/content_sum.h"

#include <gtest/gtest.h>

#include <random>

namespace martlet {
namespace {

ContentSum sum_of(std::string_view copy, std::size_t piece) {
  CopyRows rows(5);
  for (; !copy.empty(); copy.remove_prefix(std::min(piece, copy.size()))) rows.add(copy.substr(0, piece));
  return rows.finish();
}

TEST(ContentSum, DoesNotDependOnTheOrderOrOnWhereThePiecesEnd) {
  const ContentSum whole = sum_of("1\ta\n2\tb\n3\tc\n\\.\n\n\n", 1000);
  EXPECT_EQ(whole.rows, 3u);
  for (std::size_t piece = 1; piece < 20; ++piece) EXPECT_EQ(sum_of("2\tb\n1\ta\n3\tc\n\\.\n\n\n", piece), whole);
  EXPECT_EQ(sum_of("1\ta\n2\tb\n3\tc\n", 1), whole);  // as COPY TO gives it, without the end mark
}

TEST(ContentSum, SeesOneChangedByteAndARowTooMany) {
  const ContentSum whole = sum_of("1\ta\n2\tb\n", 1000);
  EXPECT_NE(sum_of("1\ta\n2\tc\n", 1000), whole);
  EXPECT_NE(sum_of("1\tb\n2\ta\n", 1000), whole);
  EXPECT_NE(sum_of("1\ta\n2\tb\n2\tb\n", 1000), whole);
  EXPECT_NE(sum_of("1\ta\n2\tb\n\n", 1000), whole);  // a row of one empty text
}

TEST(ContentSum, EndsAtTheEndMarkOnly) {
  EXPECT_EQ(sum_of("\\.x\n\\\\.\n\\.\nmore\n", 1000).rows, 2u);
  EXPECT_EQ(sum_of("\\.x\n\\\\.\n\\.\nmore\n", 1).rows, 2u);
  EXPECT_EQ(sum_of("\\.\n\n\n", 2), ContentSum{});
}

TEST(ContentSum, IsWrittenAndReadBack) {
  const ContentSum sum = sum_of("1\n2\n", 10);
  ContentSum read{.rows = 2};
  ASSERT_TRUE(read.parse(sum.text()));
  EXPECT_EQ(read, sum);
  EXPECT_FALSE(read.parse("xyz"));
}

}  // namespace
}  // namespace martlet
