// INSERT of SQLite, read from its words: SQLite gives no tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace martlet {

struct SqliteValue {
  std::vector<Token> tokens;
  /// Written out: no column, parameter or query in it.
  bool is_constant() const;
};

struct SqliteInsert {
  std::string table;                           // as written
  std::vector<std::string> columns;            // as sqlite_name() has them; empty = all
  std::vector<std::vector<SqliteValue>> rows;  // of VALUES, or the one of a SELECT that reads nothing
  bool minds_conflicts = false;                // OR IGNORE, OR REPLACE, REPLACE, ON CONFLICT
};

/// nullopt for any other statement, and for an INSERT whose rows come from somewhere. `text` must outlive it.
std::optional<SqliteInsert> sqlite_insert(std::string_view text);

}  // namespace martlet
