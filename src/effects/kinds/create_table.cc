// CREATE TABLE and CREATE FOREIGN TABLE (tablecmds.c, DefineRelation; parse_utilcmd.c, transformCreateStmt).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

const PgQuery__ColumnDef* column_definition(const Node* element) {
  return element->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF ? element->column_def : nullptr;
}

void add_column(Execution& execution, Relation& table, const PgQuery__ColumnDef& definition) {
  Column added = make_column(execution, definition, table);
  for (Column& column : table.columns) {
    if (column.name == added.name) return merge_column(execution, table, column, std::move(added));
  }
  table.columns.push_back(std::move(added));
}

void read_elements(Execution& execution, Relation& table, const PgQuery__CreateStmt& statement) {
  for (const Node* each : list(statement.n_table_elts, statement.table_elts)) {
    if (const PgQuery__ColumnDef* definition = column_definition(each)) {
      add_column(execution, table, *definition);
    } else if (each->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) {
      copy_columns(execution, table, *each->table_like_clause);
    }
  }
}

// A constraint with the column it is written at, and the DEFERRABLE … that follow it there as nodes of their own.
struct Written {
  PgQuery__Constraint constraint;
  const char* column = nullptr;
};

void read_attribute(PgQuery__Constraint& constraint, PgQuery__ConstrType attribute) {
  if (attribute == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE) constraint.deferrable = 1;
  if (attribute == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED) {
    constraint.deferrable = constraint.initdeferred = 1;
  }
}

std::vector<Written> constraints_of(const PgQuery__CreateStmt& statement) {
  std::vector<Written> found;
  for (const Node* each : list(statement.n_table_elts, statement.table_elts)) {
    if (each->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) found.push_back({*each->constraint});
    const PgQuery__ColumnDef* definition = column_definition(each);
    if (!definition) continue;
    for (const Node* at_column : list(definition->n_constraints, definition->constraints)) {
      const PgQuery__Constraint& constraint = *at_column->constraint;
      if (constraint.contype < PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE) {
        found.push_back({constraint, definition->colname});
      } else if (!found.empty()) {
        read_attribute(found.back().constraint, constraint.contype);
      }
    }
  }
  for (const Node* each : list(statement.n_constraints, statement.constraints)) found.push_back({*each->constraint});
  return found;
}

// Checks are made with the table, then keys (the primary key first), then foreign keys.
int turn(const PgQuery__Constraint& constraint) {
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      return 0;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
      return 1;
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      return 2;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      return 3;
    default:
      return 4;
  }
}

void add_constraints(Execution& execution, ObjectId table, const std::vector<Written>& constraints, int of_turn) {
  for (const Written& each : constraints) {
    if (turn(each.constraint) != of_turn) continue;
    std::optional<Column> column;
    if (each.column) column = *execution.catalog.relations.get(table)->column(each.column);
    add_constraint(execution, table, each.constraint, column ? &*column : nullptr);
  }
}

RelationKind kind_of(const PgQuery__CreateStmt& statement, std::string_view server) {
  if (!server.empty()) return RelationKind::foreign_table;
  return statement.partspec ? RelationKind::partitioned_table : RelationKind::table;
}

// Columns that OF gives count as its own once they have met those that are written.
void own_columns(Relation& table) {
  for (Column& column : table.columns) column.inherited = false, column.local = true;
}

void require_place(const Execution& execution, const Relation& table, const std::string& tablespace) {
  if (tablespace.empty()) return;
  require_tablespace(execution, tablespace);
  if (tablespace != "pg_default" || !table.is_partitioned()) return;
  execution.fail("0A000", "cannot specify default tablespace for partitioned relations");
}

// `server`: of a foreign table; "" = it is none.
void create_table(Execution& execution, const PgQuery__CreateStmt& statement, std::string_view server) {
  const std::optional<Relation> begun =
      begin_relation(execution, *statement.relation, kind_of(statement, server), statement.if_not_exists != 0);
  if (!begun) return;
  Relation table = *begun;
  const ObjectId id = table.id;
  require_place(execution, table, statement.tablespacename);
  table.tablespace = stored_tablespace(statement.tablespacename);
  table.server = server;
  table.access_method = *statement.access_method ? statement.access_method : "heap";
  table.options = option_texts(statement.n_options, statement.options);
  const Parents parents = inherit(execution, table, statement);
  if (statement.of_typename) copy_type(execution, table, *statement.of_typename);
  read_elements(execution, table, statement);
  if (statement.of_typename) own_columns(table);
  read_partition_key(execution, table, statement.partspec);
  execution.catalog.add_relation(std::move(table));
  check_generated_columns(execution, id, statement);
  if (statement.partbound) become_partition(execution, id, parents.ids.at(0), *statement.partbound);
  inherit_checks(execution, id, parents);
  const std::vector<Written> constraints = constraints_of(statement);
  add_constraints(execution, id, constraints, 0);
  copy_checks(execution, id, statement);
  if (statement.partbound) clone_from_parent(execution, id, parents.ids.at(0));
  add_constraints(execution, id, constraints, 1);
  add_constraints(execution, id, constraints, 2);
  copy_indexes(execution, id, statement);
  add_constraints(execution, id, constraints, 3);
}

void execute_create(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_STMT) return create_table(execution, *node.create_stmt, "");
  const PgQuery__CreateForeignTableStmt& statement = *node.create_foreign_table_stmt;
  if (execution.catalog.complete && !find_other(execution, "server", {"", statement.servername})) {
    execution.fail("42704", fmt::format("server \"{}\" does not exist", statement.servername));
  }
  create_table(execution, *statement.base_stmt, statement.servername);
}

const Registered<StatementKind> kCreate{{.id = "CreateStmt",
                                         .node = PG_QUERY__NODE__NODE_CREATE_STMT,
                                         .execute = execute_create,
                                         .also = {PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT}}};

}  // namespace
}  // namespace martlet
