// What data would a statement destroy?
#pragma once

#include <string>
#include <vector>

#include "sql/statement.h"

namespace martlet {

/// One thing whose data is lost when the statement runs; whether there was any, only the database knows.
struct Destruction {
  enum class Kind {
    table,      // DROP TABLE
    column,     // ALTER TABLE … DROP COLUMN
    rows,       // TRUNCATE, DELETE without WHERE
    schema,     // DROP SCHEMA
    database,   // DROP DATABASE
    type,       // DROP TYPE / DOMAIN / EXTENSION … CASCADE: takes columns along
    ownership,  // DROP OWNED BY
  };
  Kind kind = Kind::table;
  std::string object;  // as written, schema included; the table of a column
  std::string column;  // as written; only for Kind::column

  /// For people: "drops column email of public.users".
  std::string text() const;
};

/// Reads the statement's own words: what a trigger, a function or a DO block destroys is not seen, nor is data that is
/// lost by a type change or an UPDATE.
std::vector<Destruction> destroys(const Statement& statement, Dialect dialect);

}  // namespace martlet
