// The sub-commands of ALTER TABLE: one file each (those that share everything share one).
#pragma once

#include <string_view>

#include "effects/execution.h"

namespace martlet {

/// One ALTER TABLE in work. The server goes through its sub-commands in passes (tablecmds.c, AlterTablePass): what is
/// dropped first, then types, then what is added; then rewrites or scans each table once for all of them together.
struct AlterTable {
  Execution& execution;
  ObjectId table = 0;
  bool rewrite = false;  // decided by a sub-command, done once at the end
  bool scan = false;
};

/// PostgreSQL's passes, in order.
enum class AlterPass {
  drop,
  alter_type,
  old_index,
  old_constraint,
  add_column,
  set_expression,
  column_attributes,
  add_index_constraint,
  add_index,
  add_other_constraint,
  miscellaneous,
};

struct AlterAction {
  std::string_view id;  // the parser's name without its prefix: "AddColumn"
  PgQuery__AlterTableType type;
  LockMode lock;  // on the table itself (tablecmds.c, AlterTableGetLockLevel); an action may ask for more on others
  AlterPass pass;
  void (*execute)(AlterTable& alter, const PgQuery__AlterTableCmd& command);
};

}  // namespace martlet
