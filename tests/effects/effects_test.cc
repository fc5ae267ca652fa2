#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/text.h"
#include "tests/effects/generate.h"
#include "tests/effects/known.h"
#include "tests/effects/report.h"

namespace martlet::testing {
namespace {

using Words = std::set<std::string>;

Words words(const std::string& text) {
  Words found;
  for (const std::string& word : split_list(text, ' ')) {
    if (word != "-") found.insert(word.substr(0, word.find(':')));
  }
  return found;
}

template <class Wanted>
Words names(const Effects& effects, const Wanted& wanted) {
  Words found;
  for (const RelationEffect& each : effects.relations) {
    if (wanted(each)) found.insert(each.name);
  }
  return found;
}

Words locks(const std::string& column) {
  Words found;
  for (const std::string& word : split_list(column, ' ')) {
    if (word != "-") found.insert(word);
  }
  return found;
}

Words locks(const Effects& effects) {
  Words found;
  for (const RelationEffect& each : effects.relations) {
    std::vector<std::string> modes;
    for (const LockMode mode : each.locks) modes.emplace_back(lock_name(mode));
    std::ranges::sort(modes);
    if (!modes.empty()) found.insert(each.name + ":" + join(modes, "+"));
  }
  return found;
}

// Which indexes are only read differs between minor releases.
Words without_readers(Words locks) {
  std::erase_if(locks, [](const std::string& each) { return each.ends_with(":AccessShare"); });
  return locks;
}

/// Columns of measured.tsv: statement, locks, new_filenode, seq_tup_read; or statement, "ERR message".
void expect_measured(const std::vector<std::string>& columns, const Effects& measured) {
  if (columns.at(1).starts_with("ERR ")) {
    ASSERT_TRUE(measured.error);
    EXPECT_THAT(columns[1], ::testing::HasSubstr(measured.error->message));
    return;
  }
  ASSERT_FALSE(measured.error) << measured.error->message;
  EXPECT_EQ(without_readers(locks(measured)), without_readers(locks(columns[1])));
  const Words storage = words(columns.at(2));
  Words changed = names(measured, [](const RelationEffect& each) { return each.rewrite; });
  for (const std::string& index : names(measured, [](const RelationEffect& each) { return each.rebuilt; })) {
    if (storage.contains(index)) changed.insert(index);
  }
  EXPECT_EQ(changed, storage);
  Words scanned = words(columns.at(3));
  scanned.merge(names(measured, [](const RelationEffect& each) { return each.rewrite; }));
  scanned.erase("nt");  // made by the statement itself
  EXPECT_EQ(names(measured, [](const RelationEffect& each) { return each.scan; }), scanned);
}

TEST(Effects, MeasuringGivesWhatTheListSays) {
  std::ifstream file(MARTLET_SOURCE_DIR "/tests/effects/measured.tsv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::vector<std::string> columns = split_list(line, '\t');
    SCOPED_TRACE(columns.at(0));
    expect_measured(columns, world().run({columns[0], "measured.tsv"}, World::CatalogAfterwards::ignore).measured);
  }
}

TEST(Effects, MeasuredList) {
  const Tally tally = run_cases(read_cases("measured.tsv"));
  expect_no_worse_than_known("measured.tsv", tally);
  EXPECT_EQ(tally.up_to_the_rows, 0U);
}

class Cases : public ::testing::TestWithParam<std::string> {};

TEST_P(Cases, PredictionEqualsMeasurement) {
  const Tally tally = run_cases(read_cases("cases/" + GetParam()));
  expect_no_worse_than_known(GetParam(), tally);
}

INSTANTIATE_TEST_SUITE_P(Effects, Cases, ::testing::ValuesIn(case_files()),
                         [](const auto& file) { return file.param.substr(0, file.param.find('.')); });

}  // namespace
}  // namespace martlet::testing
