#include "base/text_diff.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

std::string diff(std::string_view before, std::string_view after) {
  return unified_diff(before, after, "applied", "file");
}

TEST(TextDiff, EqualTextsGiveNothing) {
  EXPECT_EQ(diff("", ""), "");
  EXPECT_EQ(diff("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(diff("a\nb", "a\nb\n"), "");
}

TEST(TextDiff, OneChangedLineWithItsSurroundings) {
  EXPECT_EQ(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- applied\n+++ file\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(TextDiff, FromAndToNothing) {
  EXPECT_EQ(diff("", "a\n"), "--- applied\n+++ file\n@@ -0,0 +1,1 @@\n+a\n");
  EXPECT_EQ(diff("a\n", ""), "--- applied\n+++ file\n@@ -1,1 +0,0 @@\n-a\n");
}

TEST(TextDiff, FarChangesAreHunksOfTheirOwn) {
  std::string before, after;
  for (int i = 1; i <= 30; ++i) {
    before += std::to_string(i) + "\n";
    if (i == 2) continue;
    after += (i == 25 ? std::string("changed") : std::to_string(i)) + "\n";
  }
  EXPECT_EQ(diff(before, after),
            "--- applied\n+++ file\n@@ -1,5 +1,4 @@\n 1\n-2\n 3\n 4\n 5\n"
            "@@ -22,7 +21,7 @@\n 22\n 23\n 24\n-25\n+changed\n 26\n 27\n 28\n");
}

TEST(TextDiff, NearChangesShareAHunk) {
  EXPECT_EQ(diff("a\nb\nc\nd\n", "A\nb\nc\nD\n"), "--- applied\n+++ file\n@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n-d\n+D\n");
}

// Whatever the texts, the '-' and ' ' lines are the old text and the '+' and ' ' lines the new one.
TEST(TextDiff, TellsTheWholeTruth) {
  unsigned seed = 1;
  const auto random = [&](unsigned below) { return (seed = seed * 1103515245u + 12345u) / 65536u % below; };
  for (int round = 0; round < 300; ++round) {
    std::string before, after;
    for (unsigned i = random(7); i > 0; --i) before += std::string(1, static_cast<char>('a' + random(3))) + "\n";
    for (unsigned i = random(7); i > 0; --i) after += std::string(1, static_cast<char>('a' + random(3))) + "\n";
    const std::string shown = diff(before, after);
    if (before == after) {
      EXPECT_EQ(shown, "");
      continue;
    }
    std::string old_text, new_text;
    std::string_view rest = shown;
    for (int line = 0; !rest.empty(); ++line) {
      const auto end = rest.find('\n');
      if (line >= 3) {
        const std::string content(rest.substr(1, end));
        if (rest[0] != '+') old_text += content;
        if (rest[0] != '-') new_text += content;
      }
      rest.remove_prefix(end + 1);
    }
    EXPECT_EQ(old_text, before) << shown;
    EXPECT_EQ(new_text, after) << shown;
  }
}

TEST(TextDiff, ManyThousandDifferentLinesAreReplacedAsAWhole) {
  std::string before, after;
  for (int i = 0; i < 4000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  const std::string shown = diff(before, after);
  EXPECT_NE(shown.find("-old 3999\n+new 0\n"), std::string::npos);
}

}  // namespace
}  // namespace martlet
