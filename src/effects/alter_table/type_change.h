// What a column's new type does to the indexes, constraints and statistics that name the column.
#pragma once

#include "effects/alter_table/action.h"

namespace martlet {

/// Notes what names the column and has to be dropped and made again; fails with 0A000 where that cannot be done: views,
/// rules, triggers, policies, generated columns, functions (tablecmds.c, RememberAllDependentForRebuilding).
void remember_dependents(AlterTable& alter, ObjectId table, int column);

/// Drops and makes again what was noted for a table (ATPostAlterTypeCleanup): what is kept is only locked, the rest is
/// built or validated anew.
void rebuild_after_type_change(AlterTable& alter, ObjectId table);

}  // namespace martlet
