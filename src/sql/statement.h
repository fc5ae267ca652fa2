// Text → statements.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/dialect.h"

namespace martlet {

/// A piece of a file: its text (BOM stripped, LF line ends) and where it begins there.
struct SourceText {
  std::string text;
  std::string file;
  int first_line = 1;
};

/// One SQL statement as written, without the `;` that ends it and without leading comments.
struct Statement {
  std::string text;
  Place place;            // of its first token
  std::string copy_data;  // the lines after `COPY … FROM stdin;` up to `\.`, for a copy_in
  bool is_copy_in = false;
};

/// Splits as psql / the sqlite3 shell would. PostgreSQL: the server's own scanner; dollar quotes, BEGIN ATOMIC bodies,
/// rules with several statements, nested comments and COPY … FROM stdin blocks stay whole. Empty statements are
/// dropped. Throws Error{validation} with the place for: a psql meta-command (named; `\restrict` and `\unrestrict` are
/// skipped), an unterminated quote or comment, a COPY block without `\.`, a NUL byte.
std::vector<Statement> split(const SourceText& source, Dialect dialect);

/// `identifier` in double quotes, quotes doubled.
std::string quote_identifier(std::string_view identifier);
/// `identifier` as PostgreSQL reads it, in quotes only where it must be (quote_ident() does the same).
std::string quote_where_needed(std::string_view identifier);
/// `text` as a string literal; PostgreSQL: safe whatever standard_conforming_strings says.
std::string quote_literal(std::string_view text, Dialect dialect);

/// What a statement does to the transaction it is in, from its first tokens.
enum class TransactionControl { none, begin, commit, rollback, savepoint };
TransactionControl transaction_control(const Statement& statement, Dialect dialect);

/// A statement that PostgreSQL's grammar (version 15) or SQLite refuses.
struct SyntaxProblem {
  Place place;
  std::string message;   // the parser's own, e.g. `syntax error at or near "TABEL"`
  bool analysed = true;  // false: it was not parsed at all (too long or too deep), which is not an error
};
/// Parses each statement; returns those that do not parse. SQLite has no parser apart from a database: returns none.
std::vector<SyntaxProblem> check_syntax(const std::vector<Statement>& statements, Dialect dialect);

}  // namespace martlet
