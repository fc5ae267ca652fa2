// What a statement does to the rows and the users of a table: for rules to ask, and to say.
#pragma once

#include <string>
#include <string_view>

#include "hazard/hazard.h"
#include "hazard/look.h"

namespace martlet {

/// The work on a table, its partitions and inheriting tables; only those that others use.
struct Impact {
  bool rewrite = false, scan = false, rebuild = false;
  LockMode lock = LockMode::access_share;  // the strongest on any of them
};
Impact impact_on(const Case& at, const Relation& table);
/// Of all relations that others use.
Impact impact(const Case& at);

/// Calls visit(command, table) for each sub-command of this type of an ALTER TABLE on a table that others use.
template <class Visit>
void each_command(const Case& at, PgQuery__AlterTableType type, const Visit& visit) {
  const PgQuery__AlterTableStmt& alter = *at.node->alter_table_stmt;
  const Relation* table = nullptr;
  for (const Node* each : list(alter.n_cmds, alter.cmds)) {
    if (each->alter_table_cmd->subtype != type) continue;
    if (!table) table = at.relation(alter.relation);
    if (!table || at.is_new(table->id) || table->persistence == Persistence::temporary) return;
    visit(*each->alter_table_cmd, *table);
  }
}

/// Each ADD COLUMN: visit(command, definition, table before, column after). Not where the column was there already.
template <class Visit>
void each_added_column(const Case& at, const Visit& visit) {
  each_command(at, PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn,
               [&](const PgQuery__AlterTableCmd& command, const Relation& table) {
                 const PgQuery__ColumnDef& definition = *command.def->column_def;
                 const Relation* after = at.catalog.relations.get(table.id);
                 const Relation* before = at.before.relation(table.id);
                 const std::string_view name = definition.colname;
                 const Column* column = after ? after->column(name) : nullptr;
                 if (column && !(before && before->column(name))) visit(command, definition, table, *column);
               });
}

/// Each constraint of a kind that an ALTER TABLE adds: visit(command, constraint, table); with a column it is written
/// at.
template <class Visit>
void each_added_constraint(const Case& at, PgQuery__ConstrType type, const Visit& visit) {
  each_command(at, PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint,
               [&](const PgQuery__AlterTableCmd& command, const Relation& table) {
                 const PgQuery__Constraint& constraint = *command.def->constraint;
                 if (constraint.contype == type) visit(command, constraint, table);
               });
}

/// "orders", or "shop.orders" where the search path does not find it.
std::string shown(const Case& at, const Relation& relation);
/// "orders (1.2 GB)", with the partitions' sizes; without the size where nobody knows it.
std::string sized(const Case& at, const Relation& relation);
/// "nobody can read or write it for 3–9 s": what a lock means to others, and how long where that is known.
std::string waiting(const Case& at, LockMode lock);

}  // namespace martlet
