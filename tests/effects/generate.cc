#include "tests/effects/generate.h"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "base/files.h"
#include "base/text.h"

namespace martlet::testing {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(MARTLET_SOURCE_DIR) / "tests/effects";

using Variables = std::map<std::string, std::vector<std::string>>;

/// Where the first variable stands in the text, and its name.
struct Found {
  std::size_t at = std::string::npos;
  std::string name;
};

bool is_word(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) || character == '_';
}

Found find_variable(const std::string& text, const Variables& variables) {
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string name = text.substr(at, end - at);
    if (variables.contains(name)) return {at, name};
  }
  return {};
}

/// Every occurrence of one variable has the same value within a case.
std::string with_value(std::string text, const std::string& name, const std::string& value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    const std::size_t end = at + name.size();
    if (end < text.size() && is_word(text[end])) {
      at = end;
      continue;
    }
    text.replace(at, name.size(), value);
  }
  return text;
}

void multiply(const std::string& text, const std::string& place, const Variables& variables,
              std::vector<EffectCase>& cases) {
  const Found found = find_variable(text, variables);
  if (found.at == std::string::npos) return cases.push_back({text, place});
  for (const std::string& value : variables.at(found.name)) {
    multiply(with_value(text, found.name, value), place, variables, cases);
  }
}

}  // namespace

std::vector<EffectCase> read_cases(const std::filesystem::path& file) {
  std::vector<EffectCase> cases;
  Variables variables;
  std::istringstream lines(read_file(kFolder / file));
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string text(trim(std::string_view(line).substr(0, line.find('\t'))));
    if (text.empty() || text.starts_with('#')) continue;
    const std::size_t equals = text.find(" = ");
    if (text.starts_with('$') && equals != std::string::npos && text.find(' ') == equals) {
      variables[text.substr(0, equals)] = split_list(text.substr(equals + 3), '|');
    } else {
      multiply(text, fmt::format("{}:{}", file.filename().string(), number), variables, cases);
    }
  }
  return cases;
}

std::vector<std::string> case_files() {
  return list_folder(kFolder / "cases");
}

}  // namespace martlet::testing
