#include "history/standing.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

Migration file(const std::string& version, const std::string& checksum = "same") {
  Migration migration;
  migration.id = migration.version = version;
  migration.label = "V" + version;
  migration.name = "m" + version;
  migration.layout = "flyway";
  migration.checksum = checksum;
  return migration;
}

Migration repeatable(const std::string& name, const std::string& checksum) {
  Migration migration = file("", checksum);
  migration.id = migration.label = name;
  migration.kind = MigrationKind::repeatable;
  return migration;
}

LedgerRow row(const std::string& version, LedgerState state, long long order) {
  LedgerRow row;
  row.id = row.version = version;
  row.kind = "versioned";
  row.layout = "flyway";
  row.checksum = "same";
  row.state = state;
  row.installed_order = order;
  return row;
}

// What compare() says, in order: "V001 applied, V002 pending".
std::string standings(std::vector<Migration> files, std::vector<LedgerRow> rows,
                      const std::set<std::string>& unfinished = {}) {
  Folder folder;
  folder.migrations = std::move(files);
  const Ledger ledger = Ledger::of(std::move(rows));
  std::string text;
  for (const StandingEntry& entry : compare(folder, ledger, unfinished)) {
    if (!text.empty()) text += ", ";
    text += entry.label() + " " + std::string(standing_name(entry.standing));
  }
  return text;
}

TEST(Standing, FilesWithoutRowsArePending) {
  EXPECT_EQ(standings({file("001"), file("002")}, {row("001", LedgerState::applied, 1)}), "V001 applied, V002 pending");
}

TEST(Standing, AnEditedFileIsSeenByItsChecksum) {
  EXPECT_EQ(standings({file("001", "other")}, {row("001", LedgerState::applied, 1)}), "V001 edited");
}

TEST(Standing, ARowWithoutFileStandsWhereItsVersionBelongs) {
  EXPECT_EQ(
      standings({file("001"), file("003")}, {row("001", LedgerState::applied, 1), row("002", LedgerState::applied, 2),
                                             row("003", LedgerState::applied, 3)}),
      "V001 applied, V002 missing, V003 applied");
}

TEST(Standing, WhatWasTakenBackAndDeletedIsNotMissed) {
  EXPECT_EQ(standings({file("001")}, {row("001", LedgerState::applied, 1), row("002", LedgerState::reverted, 2)}),
            "V001 applied");
}

TEST(Standing, PendingBeforeAppliedIsOutOfOrderUnlessItNamesWhatItDependsOn) {
  const std::vector<LedgerRow> rows{row("001", LedgerState::applied, 1), row("003", LedgerState::applied, 2)};
  EXPECT_EQ(standings({file("001"), file("002"), file("003")}, rows), "V001 applied, V002 out of order, V003 applied");
  Migration branch = file("002");
  branch.depends = {"001"};
  EXPECT_EQ(standings({file("001"), branch, file("003")}, rows), "V001 applied, V002 pending, V003 applied");
}

TEST(Standing, VersionsUpToABaselineAreBelowIt) {
  LedgerRow baseline = row("002", LedgerState::baseline, 1);
  EXPECT_EQ(standings({file("001"), file("002"), file("003")}, {baseline}),
            "V001 below baseline, V002 baseline, V003 pending");
}

TEST(Standing, AChangedRepeatableRunsAgainAndIsNotEdited) {
  LedgerRow applied = row("R__v", LedgerState::applied, 1);
  applied.kind = "repeatable";
  applied.version = "";
  EXPECT_EQ(standings({repeatable("R__v", "new")}, {applied}), "R__v changed");
}

TEST(Standing, WhatTheJournalKnowsIsPartial) {
  EXPECT_EQ(standings({file("001")}, {}, {"001"}), "V001 partial");
}

}  // namespace
}  // namespace martlet
