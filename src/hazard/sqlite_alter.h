// ALTER TABLE of SQLite: what it is, and what SQLite would say where the table has rows.
#pragma once

#include <string>
#include <string_view>

#include "hazard/hazard.h"

namespace martlet {

/// A name without its quotes and its schema, in lower case: SQLite's names have no other.
std::string sqlite_name(std::string_view written);

struct SqliteAlter {
  enum class Kind { none, add_column, drop_column, rename, unsupported };
  Kind kind = Kind::none;  // none: it is no ALTER TABLE, or one that is no SQL at all
  std::string table;       // as sqlite_name() has it
  std::string shown;       // as written
  std::size_t rest = 0;    // byte behind the table's name
};
/// Read from the words, because SQLite gives no tree: unsupported are the forms of other databases (ALTER COLUMN, ADD
/// CONSTRAINT, …).
SqliteAlter sqlite_alter(const Statement& statement);

/// May the table have rows? Not where this run has made it and nothing has filled it since.
bool may_have_rows(const Case& at, const SqliteAlter& alter);

/// What SQLite says to the ADD COLUMN where the table has a row and no foreign key, check or trigger of its own: the
/// statement is tried on such a table and taken back. "" = nothing.
std::string error_with_rows(const Case& at, const SqliteAlter& alter);

/// Reports an ADD COLUMN to which SQLite says `error` on a table with rows.
void report_add_column(const Case& at, Findings& found, std::string_view error);

}  // namespace martlet
