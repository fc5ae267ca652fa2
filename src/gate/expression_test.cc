#include "gate/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace martlet {
namespace {

using ::testing::HasSubstr;

bool holds(std::string_view text, const std::string& value) {
  return Expression::parse(text).holds({{"value", Scalar::of(value)}, {"status", Scalar::of(200.0)}});
}

std::string failure(std::string_view text, const std::string& value = "1") {
  try {
    (void)holds(text, value);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::usage);
    return error.message;
  }
  return "none";
}

TEST(Expression, ComparesNumbers) {
  EXPECT_TRUE(holds("value < 250", "249.5"));
  EXPECT_FALSE(holds("value < 250", "250"));
  EXPECT_TRUE(holds("value<=250", "250"));
  EXPECT_TRUE(holds("value >= -3", "-3"));
  EXPECT_TRUE(holds("250 > value", "1e2"));
  EXPECT_TRUE(holds("value == 1.50", "1.5"));
  EXPECT_TRUE(holds("value != 2", "3"));
}

TEST(Expression, KnowsTruthAndTexts) {
  EXPECT_TRUE(holds("value == true", "t"));
  EXPECT_TRUE(holds("value == false", "f"));
  EXPECT_TRUE(holds("value == \"ok\"", "ok"));
  EXPECT_TRUE(holds("value != 'ok'", "not ok"));
  EXPECT_TRUE(holds("value == \"t\"", "t"));
}

TEST(Expression, JoinsWithTheUsualPrecedence) {
  EXPECT_TRUE(holds("value < 1 or value > 5 and status == 200", "9"));
  EXPECT_FALSE(holds("(value < 1 or value > 5) and status == 500", "9"));
  EXPECT_TRUE(holds("not value < 1 && !(value > 5)", "3"));
  EXPECT_TRUE(holds("value == 3 || value == 4", "4"));
}

TEST(Expression, SaysWhereItCannotBeRead) {
  EXPECT_THAT(failure("value <"), HasSubstr("character 8"));
  EXPECT_THAT(failure("value"), HasSubstr("expected one of <"));
  EXPECT_THAT(failure(""), HasSubstr("`value`"));
  EXPECT_THAT(failure("value < 1 value > 2"), HasSubstr("and, or, or the end"));
  EXPECT_THAT(failure("(value < 1"), HasSubstr("a closing bracket"));
  EXPECT_THAT(failure("value == \"x"), HasSubstr("quotation mark"));
  EXPECT_THAT(failure("value < \"x\""), HasSubstr("only == or !="));
  EXPECT_THAT(failure("value = 3"), HasSubstr("character 7"));
}

TEST(Expression, SaysWhatItDoesNotKnow) {
  EXPECT_THAT(failure("latency < 3"), HasSubstr("no `latency` here, only status, value"));
  EXPECT_EQ(failure("value < 3", "abc"), "\"abc\" is no number");
  EXPECT_EQ(failure("value < 3", "NaN"), "\"NaN\" is no number");
}

}  // namespace
}  // namespace martlet
