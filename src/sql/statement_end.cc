#include "sql/statement_end.h"

#include <pg_query/pg_query.pb-c.h>

namespace martlet {

int StatementEnd::copy_token() {
  return PG_QUERY__TOKEN__COPY;
}

bool StatementEnd::feed(int token) {
  if (token == PG_QUERY__TOKEN__ASCII_59 && parentheses_ == 0 && blocks_ == 0) return true;
  if (count_ < head_.size()) head_[count_] = token;
  ++count_;
  if (token == PG_QUERY__TOKEN__ASCII_40) ++parentheses_;
  if (token == PG_QUERY__TOKEN__ASCII_41 && parentheses_ > 0) --parentheses_;
  if (parentheses_ == 0 && previous_ == PG_QUERY__TOKEN__FROM && token == PG_QUERY__TOKEN__STDIN) from_stdin_ = true;
  if (creates_routine()) follow_body(token);
  previous_ = token;
  return false;
}

bool StatementEnd::creates_routine() const {
  auto is_routine = [](int token) { return token == PG_QUERY__TOKEN__FUNCTION || token == PG_QUERY__TOKEN__PROCEDURE; };
  if (head_[0] != PG_QUERY__TOKEN__CREATE) return false;
  return is_routine(head_[1]) ||
         (head_[1] == PG_QUERY__TOKEN__OR && head_[2] == PG_QUERY__TOKEN__REPLACE && is_routine(head_[3]));
}

void StatementEnd::follow_body(int token) {
  if (token == PG_QUERY__TOKEN__ATOMIC && previous_ == PG_QUERY__TOKEN__BEGIN_P) ++blocks_;
  if (blocks_ == 0) return;
  // After AS or a dot, CASE and END are names.
  if (previous_ == PG_QUERY__TOKEN__AS || previous_ == PG_QUERY__TOKEN__ASCII_46) return;
  if (token == PG_QUERY__TOKEN__CASE) ++blocks_;
  if (token == PG_QUERY__TOKEN__END_P) --blocks_;
}

}  // namespace martlet
