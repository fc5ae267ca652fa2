// Where does a PostgreSQL statement end? Fed with its tokens, one by one.
#pragma once

#include <array>
#include <cstddef>

namespace martlet {

/// Follows psql: a `;` inside parentheses (CREATE RULE … DO (a; b)) or inside a BEGIN ATOMIC … END body does not end
/// the statement.
class StatementEnd {
 public:
  /// The next token of the statement (a PgQuery__Token; no comments). Returns whether it is the `;` that ends it.
  bool feed(int token);
  /// Whether the tokens so far are `COPY … FROM STDIN …`, after which data follows.
  bool is_copy_from_stdin() const { return head_[0] == copy_token() && from_stdin_; }

 private:
  static int copy_token();
  bool creates_routine() const;
  void follow_body(int token);

  std::array<int, 4> head_{};  // the first tokens
  std::size_t count_ = 0;
  int previous_ = 0;
  int parentheses_ = 0;
  int blocks_ = 0;  // BEGIN ATOMIC and, inside of it, CASE
  bool from_stdin_ = false;
};

}  // namespace martlet
