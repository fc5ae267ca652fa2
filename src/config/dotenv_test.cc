#include "config/dotenv.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace martlet {
namespace {

std::string value_of(std::string_view line) {
  const auto entries = parse_dotenv(line, ".env");
  return entries.size() == 1 ? entries[0].value : "(not one entry)";
}

TEST(Dotenv, ReadsTheUsualForms) {
  EXPECT_EQ(value_of("A=b"), "b");
  EXPECT_EQ(value_of("export A = b c "), "b c");
  EXPECT_EQ(value_of("A=b # comment"), "b");
  EXPECT_EQ(value_of("A=b#c"), "b#c");
  EXPECT_EQ(value_of("A='b # c\\n'"), "b # c\\n");
  EXPECT_EQ(value_of("A=\"b\\n\\\"c\\\"\" # d"), "b\n\"c\"");
  EXPECT_EQ(value_of("A=\"b\nc\""), "b\nc");
  EXPECT_EQ(value_of("A="), "");
  EXPECT_EQ(value_of("\xEF\xBB\xBF"
                     "A=b\r\n"),
            "b");
}

TEST(Dotenv, CountsLines) {
  const auto entries = parse_dotenv("# x\n\nA=\"1\n2\"\nB=3\n", ".env");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].line, 3);
  EXPECT_EQ(entries[1].line, 5);
  EXPECT_EQ(entries[1].name, "B");
}

TEST(Dotenv, RefusesWhatItDoesNotUnderstand) {
  for (const char* text : {"A=b\nnonsense\n", "A=b\n1A=b\n", "A=b\nB=\"c\n", "A=b\nB='c' d\n"}) {
    try {
      parse_dotenv(text, ".env");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.place.text(), ".env:2") << text;
    }
  }
}

}  // namespace
}  // namespace martlet
