// A light lexer for both dialects, for questions that the first words of a statement answer.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "sql/dialect.h"

namespace martlet {

/// A piece of SQL; comments and white space stand between tokens.
struct Token {
  enum class Kind {
    end,
    word,    // keyword or bare identifier
    quoted,  // quoted identifier, quotes included
    string,  // any literal in quotes, quotes and prefix included
    number,
    symbol,        // one character
    unterminated,  // a literal, quoted identifier or comment that goes on to the end of the text
  };
  Kind kind = Kind::end;
  std::string_view text;
  std::size_t offset = 0;

  /// A keyword, given in lower case.
  bool is(std::string_view word) const;
  bool is(char symbol) const { return kind == Kind::symbol && text[0] == symbol; }
};

/// Reads tokens one by one; a copy is a bookmark. Knows PostgreSQL's dollar quotes, E'' literals and nested comments,
/// and SQLite's `name` and [name]. Assumes standard_conforming_strings. It never fails: what it cannot read is a
/// symbol.
class Lexer {
 public:
  Lexer(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) {}

  Token next();
  Token peek() const { return Lexer(*this).next(); }

  /// Take these tokens if they come next, otherwise stay.
  bool accept(char symbol);
  bool accept(std::string_view word);
  bool accept(std::initializer_list<std::string_view> words);
  /// Takes a name with its qualification (`a.b`, `"A"."b"`) and returns it as written, or "" if no name comes next.
  std::string accept_name();
  /// Takes tokens up to the `)` that closes what an accepted `(` opened.
  void skip_parentheses();

 private:
  bool skip_blank();
  bool skip_block_comment();
  Token token(Token::Kind kind, std::size_t end);
  Token quoted(Token::Kind kind, std::size_t quote, char closing, bool backslashes);
  Token word_or_prefix();
  Token dollar_quoted();
  std::size_t word_end(std::size_t from) const;
  char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }

  std::string_view text_;
  Dialect dialect_;
  std::size_t offset_ = 0;
};

}  // namespace martlet
