#include "sql/lexer.h"

#include <array>

#include "base/text.h"

namespace martlet {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr std::array<bool, 256> kStartsWord = [] {
  std::array<bool, 256> starts{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) starts[c] = starts[c - 'a' + 'A'] = true;
  for (std::size_t c = 0x80; c < starts.size(); ++c) starts[c] = true;
  starts['_'] = true;
  return starts;
}();
bool starts_word(char c) {
  return kStartsWord[static_cast<unsigned char>(c)];
}
bool continues_word(char c) {
  return starts_word(c) || is_digit(c) || c == '$';
}
bool is_name(const Token& token) {
  return token.kind == Token::Kind::word || token.kind == Token::Kind::quoted;
}

}  // namespace

bool Token::is(std::string_view word) const {
  return kind == Kind::word && equals_ignoring_case(text, word);
}

Token Lexer::next() {
  if (!skip_blank()) return token(Token::Kind::unterminated, text_.size());
  if (offset_ >= text_.size()) return {Token::Kind::end, {}, text_.size()};
  char c = text_[offset_];
  if (starts_word(c)) return word_or_prefix();
  if (is_digit(c) || (c == '.' && is_digit(at(offset_ + 1)))) {
    std::size_t end = offset_;
    while (continues_word(at(end)) || at(end) == '.') ++end;
    return token(Token::Kind::number, end);
  }
  if (c == '\'') return quoted(Token::Kind::string, offset_, c, false);
  if (c == '"') return quoted(Token::Kind::quoted, offset_, c, false);
  if (dialect_ == Dialect::sqlite && c == '`') return quoted(Token::Kind::quoted, offset_, c, false);
  if (dialect_ == Dialect::sqlite && c == '[') return quoted(Token::Kind::quoted, offset_, ']', false);
  if (dialect_ == Dialect::postgres && c == '$') return dollar_quoted();
  return token(Token::Kind::symbol, offset_ + 1);
}

bool Lexer::accept(char symbol) {
  Lexer ahead = *this;
  if (!ahead.next().is(symbol)) return false;
  *this = ahead;
  return true;
}

bool Lexer::accept(std::string_view word) {
  Lexer ahead = *this;
  if (!ahead.next().is(word)) return false;
  *this = ahead;
  return true;
}

bool Lexer::accept(std::initializer_list<std::string_view> words) {
  Lexer ahead = *this;
  for (std::string_view word : words) {
    if (!ahead.next().is(word)) return false;
  }
  *this = ahead;
  return true;
}

std::string Lexer::accept_name() {
  if (!is_name(peek())) return "";
  std::string name(next().text);
  while (accept('.')) {
    name += '.';
    if (is_name(peek())) name += next().text;
  }
  return name;
}

void Lexer::skip_parentheses() {
  for (int depth = 1; depth > 0;) {
    Token token = next();
    if (token.kind == Token::Kind::end || token.kind == Token::Kind::unterminated) return;
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
  }
}

/// Returns false, at its beginning, where a comment does not end.
bool Lexer::skip_blank() {
  while (offset_ < text_.size()) {
    if (is_space(text_[offset_])) {
      ++offset_;
    } else if (text_.substr(offset_, 2) == "--") {
      offset_ = std::min(text_.find('\n', offset_), text_.size());
    } else if (text_.substr(offset_, 2) == "/*") {
      if (!skip_block_comment()) return false;
    } else {
      break;
    }
  }
  return true;
}

bool Lexer::skip_block_comment() {
  int depth = 1;
  std::size_t end = offset_ + 2;
  while (depth > 0) {
    end = text_.find_first_of("*/", end);
    if (end == std::string_view::npos) return false;
    std::string_view pair = text_.substr(end, 2);
    if (pair == "*/") --depth;
    if (pair == "/*" && dialect_ == Dialect::postgres) ++depth;
    end += pair == "*/" || (pair == "/*" && dialect_ == Dialect::postgres) ? 2 : 1;
  }
  offset_ = end;
  return true;
}

Token Lexer::token(Token::Kind kind, std::size_t end) {
  Token result{kind, text_.substr(offset_, end - offset_), offset_};
  offset_ = end;
  return result;
}

/// From offset_ to the end of a literal whose opening quote is at `quote`; a doubled closing quote does not end it.
Token Lexer::quoted(Token::Kind kind, std::size_t quote, char closing, bool backslashes) {
  const char wanted[] = {closing, '\\', '\0'};
  std::size_t end = quote + 1;
  while (true) {
    end = text_.find_first_of(backslashes ? std::string_view(wanted, 2) : std::string_view(wanted, 1), end);
    if (end >= text_.size()) return token(Token::Kind::unterminated, text_.size());
    bool doubled = closing != ']' && at(end + 1) == closing;
    if (text_[end] == closing && !doubled) return token(kind, end + 1);
    end = std::min(end + 2, text_.size());
  }
}

Token Lexer::word_or_prefix() {
  const char first = text_[offset_];
  const char c = first >= 'A' && first <= 'Z' ? static_cast<char>(first - 'A' + 'a') : first;
  char after = at(offset_ + 1);
  bool postgres = dialect_ == Dialect::postgres;
  if (after == '\'' && (c == 'x' || (postgres && (c == 'e' || c == 'b' || c == 'n')))) {
    return quoted(Token::Kind::string, offset_ + 1, '\'', c == 'e');
  }
  if (postgres && c == 'u' && after == '&' && (at(offset_ + 2) == '\'' || at(offset_ + 2) == '"')) {
    char quote = at(offset_ + 2);
    return quoted(quote == '"' ? Token::Kind::quoted : Token::Kind::string, offset_ + 2, quote, false);
  }
  return token(Token::Kind::word, word_end(offset_));
}

std::size_t Lexer::word_end(std::size_t from) const {
  while (from < text_.size() && continues_word(text_[from])) ++from;
  return from;
}

Token Lexer::dollar_quoted() {
  std::size_t tag_end = offset_ + 1;
  while (continues_word(at(tag_end)) && at(tag_end) != '$') ++tag_end;
  bool is_quote = at(tag_end) == '$' && !is_digit(at(offset_ + 1));
  if (!is_quote) return token(Token::Kind::symbol, offset_ + 1);
  std::string_view tag = text_.substr(offset_, tag_end + 1 - offset_);
  std::size_t closing = text_.find(tag, tag_end + 1);
  if (closing == std::string_view::npos) return token(Token::Kind::unterminated, text_.size());
  return token(Token::Kind::string, closing + tag.size());
}

}  // namespace martlet
