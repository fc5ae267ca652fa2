#include "metric/exposition.h"

#include <gtest/gtest.h>

#include <array>

namespace martlet {
namespace {

constexpr std::array<MetricFamily, 2> kFamilies{
    {{"martlet_a_total", "counter", "How often."}, {"martlet_b", "gauge", "How much."}}};

TEST(Exposition, IsWrittenByFamily) {
  Exposition figures(kFamilies);
  figures.set("martlet_b", {}, 1.5);
  figures.add("martlet_a_total", {{"database", "shop"}}, 2);
  figures.add("martlet_a_total", {{"database", "shop"}}, 3);
  EXPECT_EQ(figures.text(),
            "# HELP martlet_a_total How often.\n# TYPE martlet_a_total counter\nmartlet_a_total{database=\"shop\"} 5\n"
            "# HELP martlet_b How much.\n# TYPE martlet_b gauge\nmartlet_b 1.5\n");
}

TEST(Exposition, IsReadBackAsItWasWritten) {
  Exposition figures(kFamilies);
  figures.set("martlet_a_total", {{"database", "odd \"name\" \\ with\na line {x} 7"}}, 1796052896);
  figures.set("martlet_b", {{"x", ""}}, 0.125);
  Exposition again(kFamilies);
  again.read(figures.text());
  EXPECT_EQ(again.text(), figures.text());
}

TEST(Exposition, WhatIsNotKnownIsDropped) {
  Exposition figures(kFamilies);
  figures.read("other 1\nmartlet_b nonsense\nmartlet_b{x=\"y\"\n\n# martlet_b 3\nmartlet_b 4\n");
  EXPECT_EQ(figures.text(), "# HELP martlet_b How much.\n# TYPE martlet_b gauge\nmartlet_b 4\n");
}

}  // namespace
}  // namespace martlet
