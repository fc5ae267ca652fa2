#include "rebuild/token_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace martlet {

std::string plain_name(const Token& token) {
  const std::string_view text = token.text;
  if (token.kind == Token::Kind::word || text.size() < 2) return lower(text);
  const char close = text.back();
  std::string name;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    name += text[i];
    if (text[i] == close && text[i + 1] == close) ++i;
  }
  return lower(name);
}

TokenList::TokenList(std::string_view text) : text_(text) {
  Lexer lexer(text, Dialect::sqlite);
  do {
    tokens_.push_back(lexer.next());
  } while (tokens_.back().kind != Token::Kind::end);
}

const Token& TokenList::peek(std::size_t ahead) const {
  return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
}

const Token& TokenList::next() {
  const Token& token = peek();
  if (!at_end()) ++position_;
  return token;
}

bool TokenList::accept(std::string_view word) {
  if (!peek().is(word)) return false;
  next();
  return true;
}

bool TokenList::accept(char symbol) {
  if (!peek().is(symbol)) return false;
  next();
  return true;
}

const Token& TokenList::name() {
  const Token::Kind kind = peek().kind;
  if (kind != Token::Kind::word && kind != Token::Kind::quoted && kind != Token::Kind::string) throw not_understood();
  return next();
}

void TokenList::parentheses() {
  if (!peek().is('(')) throw not_understood();
  int depth = 0;
  do {
    const Token& token = next();
    if (token.kind == Token::Kind::end) throw not_understood();
    depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
  } while (depth > 0);
}

std::size_t TokenList::end() const {
  return position_ == 0 ? 0 : tokens_[position_ - 1].offset + tokens_[position_ - 1].text.size();
}

std::string_view TokenList::since(std::size_t position) const {
  return text_.substr(begin(position), end() - begin(position));
}

Error TokenList::not_understood() const {
  const std::string rest(text_.substr(std::min(peek().offset, text_.size())));
  return Error(ErrorKind::validation, rest.empty()
                                          ? "the statement ends too early"
                                          : fmt::format("not understood from here on: {}", rest.substr(0, 60)));
}

}  // namespace martlet
