#include "sql/expression_pieces.h"

#include <algorithm>
#include <array>

namespace martlet {
namespace {

constexpr int kDeepest = 20;  // parentheses inside of one another that are looked into

/// Whether the parenthesis at `open` is closed by the last token.
bool closes_at_end(Tokens tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].is('(')) ++depth;
    if (tokens[i].is(')') && --depth == 0) return i + 1 == tokens.size();
  }
  return false;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  Lexer lexer(text, Dialect::postgres);
  std::vector<Token> tokens;
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    tokens.push_back(token);
    if (token.kind == Token::Kind::unterminated) break;
  }
  return tokens;
}

std::string_view text_of(Tokens tokens) {
  const char* begin = tokens.front().text.data();
  return {begin, static_cast<std::size_t>(tokens.back().text.data() + tokens.back().text.size() - begin)};
}

std::vector<Tokens> pieces(Tokens tokens, char separator) {
  std::vector<Tokens> found;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].is('(') || tokens[i].is('[')) ++depth;
    if (tokens[i].is(')') || tokens[i].is(']')) --depth;
    const bool is_double = separator == '|' && i + 1 < tokens.size() && tokens[i + 1].is('|');
    if (depth != 0 || !tokens[i].is(separator) || (separator == '|' && !is_double)) continue;
    found.push_back(tokens.subspan(begin, i - begin));
    if (is_double) ++i;
    begin = i + 1;
  }
  found.push_back(tokens.subspan(begin));
  return found;
}

Tokens without_parentheses(Tokens tokens) {
  for (int i = 0; i < kDeepest && tokens.size() > 2 && tokens.front().is('(') && closes_at_end(tokens, 0); ++i) {
    tokens = tokens.subspan(1, tokens.size() - 2);
  }
  return tokens;
}

bool is_call_of(Tokens tokens, std::initializer_list<std::string_view> names) {
  if (tokens.size() < 3 || !tokens[1].is('(') || !closes_at_end(tokens, 1)) return false;
  return std::ranges::any_of(names, [&](std::string_view name) { return tokens[0].is(name); });
}

bool is_harmless_cast(Tokens tokens) {
  constexpr std::array<std::string_view, 19> kTypes{"int",     "int2",     "int4",         "int8",    "integer",
                                                    "bigint",  "smallint", "numeric",      "oid",     "regclass",
                                                    "regtype", "regproc",  "regprocedure", "regrole", "regnamespace",
                                                    "boolean", "date",     "uuid",         "float8"};
  if (tokens.size() < 4 || !tokens[tokens.size() - 2].is(':') || !tokens[tokens.size() - 3].is(':')) return false;
  return std::ranges::any_of(kTypes, [&](std::string_view type) { return tokens.back().is(type); });
}

}  // namespace martlet
