#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/files.h"
#include "base/text.h"
#include "tests/sql/split_case.h"

namespace martlet::testing {
namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string with_characters(std::string text) {
  text = replaced(text, "<BOM>", "\xEF\xBB\xBF");
  text = replaced(text, "<CR>", "\r");
  text = replaced(text, "<NUL>", std::string_view("\0", 1));
  return text.substr(0, text.find("<EOF>"));
}

std::string position(const Place& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

}  // namespace

std::vector<SplitCase> read_split_cases(const std::filesystem::path& folder, Dialect dialect) {
  std::vector<SplitCase> cases;
  for (const std::string& file : list_folder(folder)) {
    std::istringstream lines(read_file(folder / file));
    bool in_input = true;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("=== ")) {
        cases.push_back({file + ": " + line.substr(4), dialect, "", ""});
        in_input = true;
      } else if (line == "---") {
        in_input = false;
      } else {
        (in_input ? cases.back().input : cases.back().expected) += line + "\n";
      }
    }
  }
  for (SplitCase& one : cases) {
    one.input = with_characters(one.input);
    one.expected = with_characters(trim(one.expected).empty() ? "" : one.expected);
  }
  return cases;
}

std::string describe_split(const SourceText& source, Dialect dialect) {
  try {
    std::string result;
    for (const Statement& statement : split(source, dialect)) {
      EXPECT_EQ(statement.place.file, source.file);
      result += "@" + position(statement.place) + "\n" + statement.text + "\n";
      if (statement.is_copy_in) result += "@copy\n" + statement.copy_data;
    }
    return result;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::validation);
    EXPECT_EQ(error.place.file, source.file);
    EXPECT_FALSE(error.next_step.empty());
    return "!" + position(error.place) + " " + error.message + "\n";
  }
}

void PrintTo(const SplitCase& one, std::ostream* out) {
  *out << one.name;
}

namespace {

std::vector<SplitCase> all_cases() {
  const std::filesystem::path folder = MARTLET_SOURCE_DIR "/tests/sql/split";
  std::vector<SplitCase> cases = read_split_cases(folder / "postgres", Dialect::postgres);
  for (SplitCase& one : read_split_cases(folder / "sqlite", Dialect::sqlite)) cases.push_back(std::move(one));
  return cases;
}

TEST(Split, MakesOfEveryCaseWhatItsFileSays) {
  std::vector<SplitCase> cases = all_cases();
  EXPECT_GT(cases.size(), 50U);
  for (const SplitCase& one : cases) {
    SCOPED_TRACE(one.name);
    EXPECT_EQ(describe_split({one.input, "V1__x.sql", 1}, one.dialect), one.expected);
  }
}

TEST(Split, CountsLinesFromTheFirstLineOfItsSource) {
  for (Dialect dialect : {Dialect::postgres, Dialect::sqlite}) {
    EXPECT_EQ(describe_split({"\nselect 1;", "V1__x.sql", 40}, dialect), "@41:1\nselect 1\n");
  }
}

}  // namespace
}  // namespace martlet::testing
