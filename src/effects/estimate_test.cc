#include "effects/estimate.h"

#include <gtest/gtest.h>

#include "effects/execute.h"

namespace martlet {
namespace {

constexpr std::int64_t kPages = 20'000;
constexpr double kRows = 2'000'000;

/// A table t (id int, a int) with an index, as large as `pages` and `rows` say.
class Estimates : public ::testing::Test {
 protected:
  Estimates() {
    run("CREATE TABLE t (id int, a int); CREATE INDEX t_a ON t (a)");
    catalog_.record();
  }

  void resize(std::int64_t pages, double rows) {
    Relation& table = catalog_.relations.edit(catalog_.relations.find("public", "t")->id);
    table.pages = pages;
    table.tuples = rows;
  }

  Effects run(const std::string& sql) {
    Effects last;
    visit_trees(split({sql, "test", 1}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
      last = execute(statement, tree, catalog_, session_);
    });
    return last;
  }

  /// As `run`, and taken back.
  TimeRange estimate(const std::string& sql) {
    const CatalogMark mark = catalog_.mark();
    const Effects effects = run(sql);
    catalog_.roll_back(mark);
    EXPECT_TRUE(effects.estimate.has_value()) << sql;
    return effects.estimate.value_or(TimeRange{});
  }

  Catalog catalog_ = empty_catalog();
  SessionState session_;
};

/// Measured on two million rows: the figure must lie within.
TEST_F(Estimates, HoldWhatWasMeasured) {
  resize(kPages, kRows);
  const auto expect_within = [&](const char* sql, double milliseconds) {
    const TimeRange range = estimate(sql);
    EXPECT_LE(range.low, milliseconds) << sql;
    EXPECT_GE(range.high, milliseconds) << sql;
    EXPECT_LT(range.high, 200 * milliseconds) << sql;
  };
  expect_within("CREATE INDEX ON t (id)", 770);
  expect_within("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", 70);
}

TEST_F(Estimates, GrowWithTheTable) {
  resize(kPages / 10, kRows / 10);
  const TimeRange small = estimate("CREATE INDEX ON t (id)");
  resize(kPages, kRows);
  const TimeRange large = estimate("CREATE INDEX ON t (id)");
  EXPECT_GT(large.low, 5 * small.low);
  EXPECT_GT(large.high, 5 * small.high);
}

TEST_F(Estimates, WhatOnlyTouchesTheCatalogIsShort) {
  resize(kPages, kRows);
  EXPECT_LT(estimate("ALTER TABLE t ADD COLUMN z int").high, 10);
  EXPECT_LT(estimate("DROP INDEX t_a").high, 10);
}

TEST_F(Estimates, AreAbsentWhereNobodyKnowsTheSize) {
  EXPECT_FALSE(run("ALTER TABLE never_seen ADD CHECK (a > 0)").estimate);
  EXPECT_FALSE(run("CREATE INDEX ON t (nothing)").estimate) << "it would fail";
}

TEST(HeapSizes, RowsComeFromPagesWhereTheyWereNeverCounted) {
  Relation relation;
  EXPECT_FALSE(heap_size(relation));
  relation.pages = 100;
  relation.columns = {Column{.number = 1, .average_width = 72}};
  EXPECT_NEAR(heap_size(relation)->rows, 8192, 1);
  relation.tuples = 5;
  EXPECT_EQ(heap_size(relation)->rows, 5);
}

}  // namespace
}  // namespace martlet
