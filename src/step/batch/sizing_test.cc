#include "step/batch/sizing.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds kTarget{50};

// Batches whose time is `cost` a row, until the size settles.
long settled(BatchSizing& sizing, microseconds cost) {
  for (int i = 0; i < 100; ++i) sizing.took(sizing.rows(), cost * sizing.rows());
  return sizing.rows();
}

TEST(BatchSizing, FindsTheRowsThatTakeTheTarget) {
  BatchSizing sizing(kTarget, 0);
  EXPECT_NEAR(static_cast<double>(settled(sizing, microseconds(10))), 5000, 100);
  EXPECT_NEAR(static_cast<double>(settled(sizing, microseconds(500))), 100, 5);
  EXPECT_EQ(settled(sizing, milliseconds(200)), 1) << "one row is the least";
}

TEST(BatchSizing, ShrinksByHalfAtMostAndNeverGrowsBeyondTheLimit) {
  BatchSizing sizing(kTarget, 800);
  EXPECT_EQ(settled(sizing, microseconds(1)), 800);
  sizing.took(800, milliseconds(900));
  EXPECT_EQ(sizing.rows(), 400);
}

TEST(BatchSizing, OneLateBatchChangesNothing) {
  BatchSizing sizing(kTarget, 0);
  const long before = settled(sizing, microseconds(10));
  sizing.took(before, 3 * kTarget);
  EXPECT_EQ(sizing.rows(), before);
  sizing.took(before, kTarget);
  EXPECT_EQ(sizing.rows(), before);
}

TEST(BatchSizing, RowsThatCostMoreFromNowOnMakeItSmaller) {
  BatchSizing sizing(kTarget, 0);
  const long before = settled(sizing, microseconds(10));
  for (int i = 0; i < 3; ++i) sizing.took(sizing.rows(), microseconds(20) * sizing.rows());
  EXPECT_NEAR(static_cast<double>(sizing.rows()), static_cast<double>(before) / 2, 2);
}

TEST(BatchSizing, ABatchThatIsFeltMakesItSmallerAtOnceAndItGrowsBackAtOnce) {
  BatchSizing sizing(kTarget, 0);
  const long before = settled(sizing, microseconds(10));
  sizing.took(before, 5 * kTarget);
  EXPECT_EQ(sizing.rows(), before / 2);
  sizing.took(sizing.rows(), microseconds(10) * sizing.rows());
  EXPECT_NEAR(static_cast<double>(sizing.rows()), static_cast<double>(before), 2);
}

TEST(BatchSizing, ABatchThatWasNotFullSaysNothing) {
  BatchSizing sizing(kTarget, 0);
  const long before = sizing.rows();
  sizing.took(1, microseconds(100));
  EXPECT_EQ(sizing.rows(), before);
}

TEST(BatchSizing, StaysSmallUntilTheRowThatFailsIsFound) {
  BatchSizing sizing(kTarget, 0);
  sizing.failed();
  sizing.hold(true);
  const long small = sizing.rows();
  EXPECT_EQ(settled(sizing, microseconds(1)), small);
  sizing.hold(false);
  EXPECT_GT(settled(sizing, microseconds(1)), small);
}

TEST(BatchSizing, LooksThroughMoreRowsWhereFewAreToBeChanged) {
  BatchSizing sizing(kTarget, 0);
  const long before = sizing.window();
  sizing.found_too_few(milliseconds(1));
  EXPECT_EQ(sizing.window(), 2 * before);
  sizing.found_too_few(milliseconds(80));
  EXPECT_EQ(sizing.window(), before);
}

}  // namespace
}  // namespace martlet
