// SQLite's table rebuild: for what its ALTER TABLE cannot do, as its documentation describes ("ALTER TABLE", section
// 7).
#pragma once

#include "db/connection.h"
#include "rebuild/table_change.h"

namespace martlet {

/// Builds the table anew with the change, in the transaction that is open: creates it under another name, copies the
/// rows (their rowids too), drops the old one, renames, makes indexes and triggers again, and checks that rows,
/// indexes, views, triggers and foreign keys are what they were.
///
/// Throws Error{migration_failed} where the table is not there, its rows do not fit (named by the table's own name), or
/// something that hangs on it would not work any more; Error{validation} where its text is not understood or
/// foreign_keys is on, which would delete rows of other tables along with the old table. The transaction is then to be
/// rolled back.
void rebuild_table(Connection& database, const TableChange& change);

}  // namespace martlet
