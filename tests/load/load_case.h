// The cases of tests/load/cases: a migration, what it runs on, and how the application calls things before and after.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "base/files.h"
#include "tests/load/version.h"
#include "tests/support/transcript.h"

namespace martlet::testing {

/// One case of a .test file; blocks stand behind two spaces:
///
///     == RenamedColumn: rename-column     (the recipes that its plan must have; none = it runs as it is written)
///     table
///       SQL that makes `orders`, instead of the plain one; the rows are inserted into it
///     setup
///       SQL behind it
///     change
///       the migration
///     old amount=amount                   (also table=, also=column:value, reads=SQL to the line's end)
///     new amount=cents                    (code that works from the expand phase on; old code ends before the
///     contract) fill
///       SQL that a person runs when old code is gone
///     one-way                             (it changes rows: nothing takes it back)
///     right
///       a query that finds every wrong row
struct LoadCase {
  std::string name;
  std::vector<std::string> recipes;
  std::string table, setup, change, fill, right;
  Version before, after;
  bool has_new_code = false, one_way = false;
};

inline void PrintTo(const LoadCase& one, std::ostream* out) {
  *out << one.name;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

inline std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

inline Version version_of(std::string_view text) {
  Version version;
  if (const std::size_t reads = text.find("reads="); reads != std::string_view::npos) {
    version.reads = text.substr(reads + std::string_view("reads=").size());
    text = text.substr(0, reads);
  }
  for (const std::string& word : words_of(text)) {
    const std::string key = word.substr(0, word.find('='));
    const std::string value = word.substr(word.find('=') + 1);
    if (key == "table") {
      version.table = value;
    } else if (key == "amount") {
      version.amount = value;
    } else if (key == "also") {
      version.also = value.substr(0, value.find(':'));
      version.value = value.substr(value.find(':') + 1);
    } else {
      ADD_FAILURE() << "an application has no " << key;
    }
  }
  return version;
}

inline LoadCase load_case_of(const std::string& head) {
  const std::size_t colon = head.find(':');
  LoadCase one{.name = head.substr(0, colon)};
  if (colon != std::string::npos) one.recipes = words_of(head.substr(colon + 1));
  return one;
}

inline void read_item(const TranscriptItem& item, const std::filesystem::path& file, std::vector<LoadCase>& cases) {
  const std::string& head = item.head;
  if (head.starts_with("== ")) {
    cases.push_back(load_case_of(head.substr(3)));
  } else if (head == "table") {
    cases.back().table = joined(item.block);
  } else if (head == "setup") {
    cases.back().setup = joined(item.block);
  } else if (head == "change") {
    cases.back().change = joined(item.block);
  } else if (head == "fill") {
    cases.back().fill = joined(item.block);
  } else if (head == "right") {
    cases.back().right = joined(item.block);
  } else if (head == "one-way") {
    cases.back().one_way = true;
  } else if (head.starts_with("old ")) {
    cases.back().before = version_of(head.substr(4));
  } else if (head.starts_with("new ")) {
    cases.back().after = version_of(head.substr(4));
    cases.back().has_new_code = true;
  } else if (!head.empty() && !head.starts_with("#")) {
    ADD_FAILURE() << file << " has the line: " << head;
  }
}

inline std::vector<LoadCase> all_load_cases() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(MARTLET_SOURCE_DIR "/tests/load/cases")) {
    if (entry.path().extension() == ".test") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<LoadCase> cases;
  for (const std::filesystem::path& file : files) {
    for (const TranscriptItem& item : read_transcript(read_file(file))) read_item(item, file, cases);
  }
  return cases;
}

}  // namespace martlet::testing
