#include "cli/terminal.h"

#include <gtest/gtest.h>

#include "cli/progress.h"

namespace martlet {
namespace {

TEST(Terminal, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("äöü"), 3U);
  EXPECT_EQ(display_width("名前"), 4U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);
}

TEST(Terminal, CutsAtCharacters) {
  EXPECT_EQ(cut_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to_width("abcdef", 4), "abc…");
  EXPECT_EQ(cut_to_width("名前名前", 5), "名前…");
  EXPECT_EQ(cut_to_width("名前名前", 4), "名…");
  EXPECT_EQ(cut_to_width("abc", 0), "");
}

TEST(Table, ShrinksTheWidestColumn) {
  testing::internal::CaptureStdout();
  Output output({.width = 30});
  output.table({"version", "name"}, {{{"V001"}, {"a name that is much too long for it"}}, {{"V002"}, {""}}});
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "version  name\n"
            "V001     a name that is much …\n"
            "V002\n");
}

TEST(Progress, SaysHowFarAndHowLong) {
  const Work work{.title = "V006  totals", .unit = "statements", .done = 5, .total = 10};
  EXPECT_EQ(progress_line(work, std::chrono::milliseconds(2500), 200),
            " V006  totals  ██████████░░░░░░░░░░  50 %  5 / 10 statements  2.0/s  ETA 2.5 s");
  EXPECT_EQ(progress_line({.title = "V007"}, std::chrono::milliseconds(3000), 200), " V007  3.0 s");
  EXPECT_EQ(display_width(progress_line(work, std::chrono::milliseconds(2500), 40)), 40U);
}

}  // namespace
}  // namespace martlet
