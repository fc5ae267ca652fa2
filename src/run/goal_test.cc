#include "run/goal.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

// Three applied migrations and two pending ones, then a repeatable that is due.
class GoalTest : public testing::Test {
 protected:
  GoalTest() {
    for (int i = 1; i <= 5; ++i) {
      Migration migration;
      migration.id = migration.version = "00" + std::to_string(i);
      migration.label = "V" + migration.version;
      migration.file = "migrations/" + migration.label + "__step.sql";
      folder_.migrations.push_back(migration);
    }
    Migration view;
    view.id = view.label = "R__view";
    view.kind = MigrationKind::repeatable;
    folder_.migrations.push_back(view);
    std::vector<LedgerRow> rows;
    for (int i = 1; i <= 3; ++i) {
      LedgerRow row;
      row.id = row.version = "00" + std::to_string(i);
      row.kind = "versioned";
      row.installed_order = i;
      rows.push_back(row);
    }
    ledger_ = Ledger::of(std::move(rows));
    entries_ = compare(folder_, ledger_);
  }

  static std::string labels(const std::vector<const StandingEntry*>& entries) {
    std::string text;
    for (const StandingEntry* entry : entries) text += (text.empty() ? "" : " ") + entry->label();
    return text;
  }
  std::string up(const char* goal) const { return labels(pending_until(entries_, Goal::parse(goal))); }
  std::string down(const char* goal) const { return labels(applied_beyond(entries_, Goal::parse(goal))); }

  Folder folder_;
  Ledger ledger_;
  std::vector<StandingEntry> entries_;
};

TEST_F(GoalTest, HeadIsEverythingAndTheRepeatables) {
  EXPECT_EQ(up("head"), "V004 V005 R__view");
}

TEST_F(GoalTest, AVersionIsFoundByItsNumberLabelAndFile) {
  for (const char* goal : {"004", "4", "V004", "V004__step"}) EXPECT_EQ(up(goal), "V004") << goal;
}

TEST_F(GoalTest, StepsAreCounted) {
  EXPECT_EQ(up("+1"), "V004");
  EXPECT_EQ(down("-2"), "V003 V002");
}

TEST_F(GoalTest, DownGoesToAVersionThatStays) {
  EXPECT_EQ(down("001"), "V003 V002");
  EXPECT_EQ(down("base"), "V003 V002 V001");
}

TEST_F(GoalTest, AWrongDirectionIsRefused) {
  EXPECT_THROW(up("base"), Error);
  EXPECT_THROW(up("-1"), Error);
  EXPECT_THROW(down("head"), Error);
  EXPECT_THROW(down("005"), Error);
}

TEST_F(GoalTest, APrefixMustBeUnique) {
  try {
    up("00");
    FAIL() << "an ambiguous prefix was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::usage);
    EXPECT_NE(error.message.find("V001, V002"), std::string::npos) << error.message;
  }
  EXPECT_THROW(up("7"), Error);
}

TEST(Goal, ZeroStepsAreNoGoal) {
  EXPECT_THROW(Goal::parse("+0"), Error);
  EXPECT_THROW(Goal::parse("-x"), Error);
}

}  // namespace
}  // namespace martlet
