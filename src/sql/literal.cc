#include "sql/literal.h"

namespace martlet {
namespace {

char escaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return c;
  }
}

}  // namespace

std::string literal_value(const Token& token) {
  const std::string_view text = token.text;
  if (text.starts_with('$')) {
    const std::size_t tag = text.find('$', 1) + 1;
    return text.size() < 2 * tag ? "" : std::string(text.substr(tag, text.size() - 2 * tag));
  }
  const std::size_t quote = text.find('\'');
  if (quote == std::string_view::npos || text.size() < quote + 2) return "";
  const bool backslashes = text[0] == 'e' || text[0] == 'E';
  std::string value;
  for (std::size_t i = quote + 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\'') ++i;
    if (backslashes && text[i] == '\\' && i + 2 < text.size()) {
      value += escaped(text[++i]);
    } else {
      value += text[i];
    }
  }
  return value;
}

}  // namespace martlet
