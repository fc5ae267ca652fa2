// Limits as people write them.
#include "watch/probe.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

TEST(ProbeLimit, IsReadInItsUnit) {
  EXPECT_EQ(parse_limit(ProbeUnit::milliseconds, "1.5s", "x"), 1500);
  EXPECT_EQ(parse_limit(ProbeUnit::bytes, "64MB", "x"), 64e6);
  EXPECT_EQ(parse_limit(ProbeUnit::bytes, "512 kb", "x"), 512e3);
  EXPECT_EQ(parse_limit(ProbeUnit::bytes, "17", "x"), 17);
  EXPECT_EQ(parse_limit(ProbeUnit::bytes_per_second, "20MB/s", "x"), 20e6);
  EXPECT_EQ(parse_limit(ProbeUnit::number, "2.5", "x"), 2.5);
}

TEST(ProbeLimit, IsRefusedWhereItIsNone) {
  for (const ProbeUnit unit :
       {ProbeUnit::milliseconds, ProbeUnit::bytes, ProbeUnit::bytes_per_second, ProbeUnit::number}) {
    for (const char* text : {"", "much", "-1", "5x", "MB"}) {
      EXPECT_THROW(parse_limit(unit, text, "throttle.x"), Error) << static_cast<int>(unit) << " " << text;
    }
  }
}

TEST(ProbeLimit, IsShownAsItIsWritten) {
  EXPECT_EQ(show_value(ProbeUnit::bytes, 64e6), "64.0 MB");
  EXPECT_EQ(show_value(ProbeUnit::bytes, 12), "12 bytes");
  EXPECT_EQ(show_value(ProbeUnit::bytes_per_second, 1.5e9), "1.5 GB/s");
  EXPECT_EQ(show_value(ProbeUnit::number, 3), "3");
}

}  // namespace
}  // namespace martlet
