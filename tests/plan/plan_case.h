// The cases of tests/plan/cases: migrations, and the steps that they become.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/files.h"
#include "tests/support/transcript.h"

namespace martlet::testing {

/// One case of a .test file; blocks stand behind two spaces:
///
///     == title
///     budget 200                    (max_block in milliseconds; 200 where it is not given)
///     tx file                       (auto, file or none; auto where it is not given)
///     phases apart                  (what old code needs waits for the contract phase)
///     rows orders=5000000           (what ANALYZE would have found; 100 rows a page)
///     setup
///       SQL
///     file V001__name.sql
///       SQL
///     expect
///       the plan, a line a step
struct PlanCase {
  std::string title, setup;
  std::map<std::string, std::string> options;
  std::vector<std::pair<std::string, double>> rows;
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<std::string> expected;
  std::filesystem::path from;
};

inline void PrintTo(const PlanCase& one, std::ostream* out) {
  *out << one.from.filename().string() << ": " << one.title;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

inline void take_option(PlanCase& one, const std::string& head) {
  const std::size_t space = head.find(' ');
  const std::string name = head.substr(0, space);
  const std::string value = space == std::string::npos ? "" : head.substr(space + 1);
  if (name == "rows") {
    const std::size_t equals = value.find('=');
    one.rows.emplace_back(value.substr(0, equals), std::stod(value.substr(equals + 1)));
  } else if (name == "budget" || name == "tx" || name == "phases") {
    one.options[name] = value;
  } else {
    ADD_FAILURE() << one.from << " has the line: " << head;
  }
}

inline std::vector<PlanCase> read_plan_cases(const std::filesystem::path& file) {
  std::vector<PlanCase> cases;
  for (const TranscriptItem& item : read_transcript(read_file(file))) {
    if (item.head.starts_with("== ")) {
      cases.push_back({.title = item.head.substr(3), .from = file});
    } else if (item.head == "setup") {
      cases.back().setup = joined(item.block);
    } else if (item.head.starts_with("file ")) {
      cases.back().files.emplace_back(item.head.substr(5), joined(item.block));
    } else if (item.head == "expect") {
      cases.back().expected = item.block;
    } else if (!item.head.empty() && !item.head.starts_with("#")) {
      take_option(cases.back(), item.head);
    }
  }
  return cases;
}

inline std::vector<PlanCase> all_plan_cases() {
  std::vector<PlanCase> cases;
  for (const auto& entry : std::filesystem::directory_iterator(MARTLET_SOURCE_DIR "/tests/plan/cases")) {
    if (entry.path().extension() == ".test") std::ranges::move(read_plan_cases(entry), std::back_inserter(cases));
  }
  return cases;
}

}  // namespace martlet::testing
