// The constraints that stand in a column's definition, added to the column afterwards.
#include "recipe/build.h"
#include "recipe/parts.h"

namespace martlet {
namespace {

std::vector<RecipeStep> foreign_key(const Operation& operation, PgQuery__Constraint constraint, std::string column,
                                    const std::string& name) {
  PgQuery__String text = PG_QUERY__STRING__INIT;
  text.sval = column.data();
  Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_STRING;
  node.string = &text;
  Node* columns[] = {&node};
  constraint.n_fk_attrs = 1;
  constraint.fk_attrs = columns;
  return add_not_valid(operation, *operation.table, constraint, name);
}

bool is_on_its_own(const PgQuery__Constraint& constraint) {
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
      return true;
    default:
      return false;
  }
}

// As the server names it. Where the statement as a whole would fail the catalog does not show it: then by the column
// alone (ChooseConstraintName).
std::string name_of(const Operation& operation, const PgQuery__Constraint& constraint, const std::string& column) {
  if (const Constraint* made = constraint_after(operation, constraint)) return made->name;
  if (*constraint.conname) return constraint.conname;
  const Relation& table = *operation.table;
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      return free_constraint(operation, table, object_name(table.name, column, "check"));
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      return free_constraint(operation, table, object_name(table.name, column, "fkey"));
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
      return free_relation(operation, table.schema, object_name(table.name, "", "pkey"));
    default:
      return free_relation(operation, table.schema, object_name(table.name, column, "key"));
  }
}

std::vector<RecipeStep> added(const Operation& operation, const std::string& column,
                              const PgQuery__Constraint& constraint) {
  const std::string name = name_of(operation, constraint, column);
  if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) {
    return add_not_valid(operation, *operation.table, constraint, name);
  }
  if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN) {
    return foreign_key(operation, constraint, column, name);
  }
  const Relation* after = table_after(operation);
  return add_key_using_index(operation, after ? *after : *operation.table, constraint, name, {column});
}

}  // namespace

bool add_column_constraints(const Operation& operation, const PgQuery__ColumnDef& definition,
                            std::vector<RecipeStep>& steps) {
  for (const Node* each : list(definition.n_constraints, definition.constraints)) {
    if (!is_on_its_own(*each->constraint)) continue;
    std::vector<RecipeStep> more = added(operation, definition.colname, *each->constraint);
    if (more.empty()) return false;
    append(steps, std::move(more));
  }
  return true;
}

}  // namespace martlet
