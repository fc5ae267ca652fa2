#include "hazard/literals.h"

#include "sql/lexer.h"
#include "sql/literal.h"

namespace martlet {
namespace {

constexpr int kDeepest = 4;  // bodies inside of one another

using Visit = std::function<void(const std::string&, std::size_t)>;

void read(std::string_view text, Dialect dialect, std::size_t offset, int depth, const Visit& visit) {
  Lexer lexer(text, dialect);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    if (token.kind == Token::Kind::unterminated) return;
    if (token.kind != Token::Kind::string) continue;
    if (!token.text.starts_with('$') || depth == kDeepest) {
      visit(literal_value(token), offset + token.offset);
      continue;
    }
    const std::size_t tag = token.text.find('$', 1) + 1;
    const std::string_view body = token.text.substr(tag, token.text.size() - 2 * tag);
    const bool is_body = body.find('\'') != std::string_view::npos && body.find(';') != std::string_view::npos;
    if (is_body) {
      read(body, dialect, offset + token.offset + tag, depth + 1, visit);
    } else {
      visit(std::string(body), offset + token.offset);
    }
  }
}

}  // namespace

void each_literal(const Case& at, const Visit& visit) {
  const std::string& text = at.statement.text;
  if (text.find_first_of("'$") == std::string::npos) return;
  read(text, at.sqlite ? Dialect::sqlite : Dialect::postgres, 0, 0, visit);
}

}  // namespace martlet
