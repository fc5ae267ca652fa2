#include "history/time.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

TEST(Time, IsWrittenToTheMillisecond) {
  EXPECT_EQ(iso_from_ms(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_from_ms(1772357412007), "2026-03-01T09:30:12.007Z");
  EXPECT_EQ(iso_from_ms(1709251199999), "2024-02-29T23:59:59.999Z");
  EXPECT_EQ(iso_from_ms(1735689599000), "2024-12-31T23:59:59.000Z");
  EXPECT_EQ(iso_from_ms(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Time, OfAServerIsCutNotRounded) {
  EXPECT_EQ(iso_from_epoch("1772357412.123999"), "2026-03-01T09:30:12.123Z");
  EXPECT_EQ(iso_from_epoch("1772357412.5"), "2026-03-01T09:30:12.500Z");
  EXPECT_EQ(iso_from_epoch("1772357412"), "2026-03-01T09:30:12.000Z");
}

TEST(Time, LaterByADuration) {
  EXPECT_EQ(iso_later("2026-02-28T09:30:12.123Z", std::chrono::hours(24)), "2026-03-01T09:30:12.123Z");
}

}  // namespace
}  // namespace martlet
