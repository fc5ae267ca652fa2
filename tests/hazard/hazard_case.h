// The cases of tests/hazard/<id>.test: migrations, and what the hazard of that name says about them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "migration/migration.h"
#include "tests/support/transcript.h"

namespace martlet::testing {

/// One case of a .test file; blocks stand behind two spaces:
///
///     == positive: what it shows          (or `negative: …`, `near-miss: …`)
///     option NAME VALUE                   (see HACKING.md)
///     setup
///       SQL that was applied long ago
///     file V001__x.sql                    (one or several; in order)
///       the migration's text
///     expect
///       V001__x.sql:1:1 error: message    (without the name where there is one file)
///     recipe
///       the safe SQL shown
///     fixed
///       the file's text with the fixes in it
struct HazardCase {
  struct File {
    std::string name, text;
  };
  std::string hazard;  // the file's name
  std::string title;   // with its kind
  std::multimap<std::string, std::string> options;
  bool has_setup = false;  // only then can it be tried on a server: what it names would be missing there
  std::string setup;
  std::vector<File> files;
  std::map<std::string, std::vector<std::string>> expected;  // by "expect", "recipe", "fixed"

  std::string option(std::string_view name) const {
    const auto at = options.find(std::string(name));
    return at == options.end() ? "" : at->second;
  }
  Dialect dialect() const { return option("dialect") == "sqlite" ? Dialect::sqlite : Dialect::postgres; }
  bool is_positive() const { return title.starts_with("positive"); }
};

inline void PrintTo(const HazardCase& one, std::ostream* out) {
  *out << one.hazard << ", " << one.title;
}

inline std::string block_text(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

inline bool is_expectation(std::string_view head) {
  return head == "expect" || head == "recipe" || head == "fixed";
}

inline void add_item(HazardCase& one, const TranscriptItem& item) {
  const std::vector<std::string> words = split_list(item.head, ' ');
  if (words.empty() || item.head.starts_with("#")) return;
  if (words[0] == "option" && words.size() >= 3) {
    one.options.emplace(words[1], trim(std::string_view(item.head).substr(item.head.find(words[1]) + words[1].size())));
  } else if (item.head == "setup") {
    one.has_setup = true;
    one.setup = block_text(item.block);
  } else if (words[0] == "file" && words.size() == 2) {
    one.files.push_back({words[1], block_text(item.block)});
  } else if (is_expectation(item.head)) {
    one.expected[item.head] = item.block;
  } else {
    ADD_FAILURE() << one.hazard << ".test has the line: " << item.head;
  }
}

/// The cases of a file, in order.
inline std::vector<HazardCase> read_hazard_cases(const std::filesystem::path& file) {
  std::vector<HazardCase> cases;
  for (const TranscriptItem& item : read_transcript(read_file(file))) {
    if (item.head.starts_with("== ")) {
      cases.push_back({.hazard = file.stem(), .title = item.head.substr(3)});
    } else if (!cases.empty()) {
      add_item(cases.back(), item);
    }
  }
  return cases;
}

inline std::vector<std::filesystem::path> hazard_case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(MARTLET_SOURCE_DIR "/tests/hazard")) {
    if (entry.path().extension() == ".test") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

inline std::vector<HazardCase> all_hazard_cases() {
  std::vector<HazardCase> cases;
  for (const auto& file : hazard_case_files()) std::ranges::move(read_hazard_cases(file), std::back_inserter(cases));
  return cases;
}

/// Puts the cases' expectations into their file.
inline void rewrite_expectations(const std::filesystem::path& file, const std::vector<HazardCase>& cases) {
  std::vector<TranscriptItem> items;
  std::size_t next = 0;
  const auto finish = [&] {
    if (next == 0) return;
    while (!items.empty() && items.back().head.empty()) items.pop_back();
    for (const char* head : {"expect", "recipe", "fixed"}) {
      const auto at = cases[next - 1].expected.find(head);
      if (at != cases[next - 1].expected.end() && !at->second.empty()) items.push_back({head, at->second});
    }
  };
  for (TranscriptItem& item : read_transcript(read_file(file))) {
    if (item.head.starts_with("== ")) {
      finish();
      if (next > 0) items.push_back({"", {}});
      ++next;
    }
    if (!is_expectation(item.head)) items.push_back(std::move(item));
  }
  finish();
  write_file(file, to_text(items));
}

}  // namespace martlet::testing
