// ALTER TABLE as PostgreSQL has it, of which SQLite knows only a part.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/statement.h"

namespace martlet {

/// One action of an ALTER TABLE.
struct TableAction {
  enum class Kind {
    set_type,
    set_not_null,
    drop_not_null,
    set_default,
    drop_default,
    add_column,
    drop_column,
    add_constraint,
    drop_constraint,
  };
  Kind kind = Kind::set_type;
  std::string name;        // plain, of the column or the constraint; "" = a constraint without a name
  std::string shown;       // the name as written
  std::string definition;  // the type, the default, the constraint, the whole column
  std::string value;       // of set_type: the expression behind USING; "" = none
  bool if_exists = false;  // drop: it need not be there. add_column: it may be there (IF NOT EXISTS)
};

struct TableChange {
  std::string table;  // plain
  std::string shown;  // as written
  bool if_exists = false;
  std::vector<TableAction> actions;
};

/// The change, where SQLite has no ALTER TABLE for it but a table that is built anew can have it: ALTER COLUMN, ADD and
/// DROP CONSTRAINT, and several actions in one statement. Nothing for what SQLite does itself and for what is not
/// understood: its own error tells then.
std::optional<TableChange> table_change(const Statement& statement, Dialect dialect);

}  // namespace martlet
