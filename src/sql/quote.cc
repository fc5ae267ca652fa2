#include <string>

#include "sql/statement.h"

namespace martlet {
namespace {

std::string doubled(std::string_view text, char quote, bool backslashes) {
  std::string result;
  result.reserve(text.size() + 2);
  result += quote;
  for (char c : text) {
    if (c == quote || (backslashes && c == '\\')) result += c;
    result += c;
  }
  result += quote;
  return result;
}

}  // namespace

std::string quote_identifier(std::string_view identifier) {
  return doubled(identifier, '"', false);
}

std::string quote_literal(std::string_view text, Dialect dialect) {
  bool escape = dialect == Dialect::postgres && text.find('\\') != std::string_view::npos;
  return (escape ? "E" : "") + doubled(text, '\'', escape);
}

}  // namespace martlet
