// The cases of tests/recipe/cases: a statement, and the recipe that stands in for it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "tests/support/transcript.h"

namespace martlet::testing {

/// One case of a .test file; blocks stand behind two spaces:
///
///     == RECIPE: what it shows
///     setup
///       SQL
///     not-predicted                     (the model cannot tell that nothing is scanned: only what is measured counts)
///     statement
///       the one statement
///     differs
///       lines of the schema's difference, where the recipe cannot end in the same one (see the title)
struct RecipeCase {
  std::string recipe, title, setup, statement;
  std::vector<std::string> differs;
  bool predicted = true;
};

inline void PrintTo(const RecipeCase& one, std::ostream* out) {
  *out << one.recipe << ": " << one.title;
}

inline std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

inline std::vector<RecipeCase> read_recipe_cases(const std::filesystem::path& file) {
  std::vector<RecipeCase> cases;
  for (const TranscriptItem& item : read_transcript(read_file(file))) {
    if (item.head.starts_with("== ")) {
      const std::size_t colon = item.head.find(": ");
      cases.push_back({.recipe = item.head.substr(3, colon - 3), .title = item.head.substr(colon + 2)});
    } else if (item.head == "setup") {
      cases.back().setup = text_of(item.block);
    } else if (item.head == "statement") {
      cases.back().statement = text_of(item.block);
    } else if (item.head == "not-predicted") {
      cases.back().predicted = false;
    } else if (item.head == "differs") {
      cases.back().differs = item.block;
    } else if (!item.head.empty() && !item.head.starts_with("#")) {
      ADD_FAILURE() << file << " has the line: " << item.head;
    }
  }
  return cases;
}

inline std::vector<RecipeCase> all_recipe_cases() {
  std::vector<RecipeCase> cases;
  for (const auto& entry : std::filesystem::directory_iterator(MARTLET_SOURCE_DIR "/tests/recipe/cases")) {
    if (entry.path().extension() == ".test") std::ranges::move(read_recipe_cases(entry), std::back_inserter(cases));
  }
  return cases;
}

}  // namespace martlet::testing
