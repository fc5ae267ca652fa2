// Constraints as ALTER TABLE adds them, on their own and with a column.
#pragma once

#include "effects/alter_table/action.h"

namespace martlet {

/// CHECK, UNIQUE, PRIMARY KEY, FOREIGN KEY, EXCLUDE: objects of their own, not properties of a column.
bool is_table_constraint(const PgQuery__Constraint& constraint);

/// Queues it for its pass. `column`: the one it was written at, "" = none; kept by the caller until the end.
void queue_constraint(const AlterStep& step, const PgQuery__Constraint& constraint, std::string_view column);

/// The constraint of this name; fails with 42704 where there is none. Of a table that was only assumed it is nullptr,
/// and that it exists is taken for granted.
const Constraint* existing_constraint(const AlterStep& step, std::string_view name);

/// Takes a constraint out, with its index, its copies in partitions and, with CASCADE, the foreign keys that need it;
/// locks all their tables. Without CASCADE fails with 2BP01 where such a foreign key is.
void drop_constraint(const AlterStep& step, ObjectId table, ObjectId constraint);

}  // namespace martlet
