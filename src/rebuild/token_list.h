// The tokens of a statement of SQLite, with a place among them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/lexer.h"

namespace martlet {

/// A name as SQLite compares it: without its quotes, in lower case.
std::string plain_name(const Token& token);

/// Reads forward through tokens that are all known, so that a range of them can be cut out of the text.
class TokenList {
 public:
  explicit TokenList(std::string_view text);

  const Token& peek(std::size_t ahead = 0) const;
  const Token& next();
  bool at_end() const { return peek().kind == Token::Kind::end; }
  bool accept(std::string_view word);
  bool accept(char symbol);
  /// A bare or quoted name, or a string where SQLite reads one as a name; moves past it. Throws Error{validation} where
  /// there is none.
  const Token& name();
  /// Moves past `( … )`. Throws Error{validation} where none stands here.
  void parentheses();

  std::size_t position() const { return position_; }
  /// Bytes of the text: where the token at `position` begins, and where the last one that was read ends.
  std::size_t begin(std::size_t position) const { return tokens_[position].offset; }
  std::size_t end() const;
  /// The text from the token at `position` up to the last one that was read.
  std::string_view since(std::size_t position) const;

  /// Error{validation}: the text from here on is not understood.
  Error not_understood() const;

 private:
  std::string_view text_;
  std::vector<Token> tokens_;  // the last one is `end`
  std::size_t position_ = 0;
};

}  // namespace martlet
