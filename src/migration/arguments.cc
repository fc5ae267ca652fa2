#include "migration/arguments.h"

#include <algorithm>

namespace martlet {

namespace {
constexpr std::string_view kSpace = " \t";
}

void DirectiveWords::skip_space() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
}

std::string DirectiveWords::word() {
  const auto end = std::min(rest_.find_first_of(kSpace), rest_.size());
  std::string word(rest_.substr(0, end));
  rest_.remove_prefix(end);
  skip_space();
  return word;
}

std::optional<std::string> DirectiveWords::quoted() {
  if (!rest_.starts_with('"')) return std::nullopt;
  std::string text;
  for (std::size_t at = 1; at < rest_.size(); ++at) {
    if (rest_[at] != '"') {
      text += rest_[at];
    } else if (at + 1 < rest_.size() && rest_[at + 1] == '"') {
      text += rest_[at++];
    } else {
      rest_.remove_prefix(at + 1);
      skip_space();
      return text;
    }
  }
  return std::nullopt;
}

std::optional<std::map<std::string, std::string>> key_values(std::string_view text) {
  std::map<std::string, std::string> values;
  for (DirectiveWords words(text); !words.at_end();) {
    const std::string word = words.word();
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) return std::nullopt;
    if (!values.emplace(word.substr(0, equals), word.substr(equals + 1)).second) return std::nullopt;
  }
  return values;
}

}  // namespace martlet
