// The constraints of a column or of a table, as CREATE TABLE of SQLite has them.
#pragma once

#include <optional>
#include <string>

#include "rebuild/token_list.h"

namespace martlet {

/// One constraint or property: `CONSTRAINT positive CHECK (a > 0)`, `NOT NULL ON CONFLICT FAIL`, `DEFAULT 1`.
struct Clause {
  enum class Kind {
    primary_key,
    not_null,
    null,
    unique,
    check,
    default_value,
    collate,
    foreign_key,
    deferrable,
    generated
  };
  Kind kind = Kind::check;
  std::string name;                // plain; "" = it has none
  std::size_t begin = 0, end = 0;  // bytes of the text
};

/// Does one begin here? A column's type ends where its first clause begins.
bool begins_clause(const TokenList& tokens);
/// Does a constraint of the whole table begin here?
bool begins_table_clause(const TokenList& tokens);

/// Reads a clause behind a column's name and type. Throws Error{validation} where it is not understood.
Clause read_column_clause(TokenList& tokens);
/// Reads a clause that names its columns: `UNIQUE (a, b)`. Throws Error{validation}.
Clause read_table_clause(TokenList& tokens);

}  // namespace martlet
