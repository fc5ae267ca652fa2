// What the documents tell people to type is understood by martlet.
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "base/text.h"
#include "cli/parse.h"
#include "tests/support/documents.h"

namespace martlet::testing {
namespace {

struct Example {
  std::filesystem::path path;
  std::string line;
};

std::string without_comment(const std::string& line) {
  return line.substr(0, line.find(" #"));
}

// `martlet …` in running text, and lines of indented or fenced blocks that begin with it.
std::vector<Example> examples() {
  const std::regex inline_code("`(martlet [^`]+)`");
  std::vector<Example> found;
  for (const Document& document : documents(MARTLET_SOURCE_DIR)) {
    std::istringstream lines(document.text);
    for (std::string line; std::getline(lines, line);) {
      for (std::sregex_iterator at(line.begin(), line.end(), inline_code), end; at != end; ++at) {
        found.push_back({document.path, (*at)[1]});
      }
      const std::string_view typed = trim(line);
      if (line.starts_with("    martlet ") || typed.starts_with("$ martlet ")) {
        found.push_back({document.path, without_comment(std::string(typed.substr(typed.starts_with("$") ? 2 : 0)))});
      }
    }
  }
  return found;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream in(line);
  for (std::string word; in >> word;) {
    if (word.starts_with('"')) {
      for (std::string more; !word.ends_with('"') && in >> more;) word += " " + more;
      word = word.substr(1, word.size() - 2);
    }
    words.push_back(word);
  }
  words.erase(words.begin());  // martlet
  return words;
}

TEST(Documents, ShowOnlyCommandsThatExist) {
  const std::vector<Example> all = examples();
  EXPECT_GT(all.size(), 30U);
  for (const Example& example : all) {
    try {
      (void)parse_command_line(words_of(example.line));
    } catch (const Error& error) {
      ADD_FAILURE() << example.path << ": `" << example.line << "`: " << error.message;
    }
  }
}

}  // namespace
}  // namespace martlet::testing
