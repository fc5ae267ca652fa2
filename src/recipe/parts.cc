#include "recipe/parts.h"

#include <fmt/format.h>

#include "base/text.h"
#include "recipe/build.h"

namespace martlet {
namespace {

// ALTER TABLE … ADD <constraint> for any table, whatever the operation's statement is.
std::string add_constraint_sql(const Operation& operation, const Relation& table,
                               const PgQuery__Constraint& constraint) {
  Node definition = PG_QUERY__NODE__INIT;
  definition.node_case = PG_QUERY__NODE__NODE_CONSTRAINT;
  definition.constraint = const_cast<PgQuery__Constraint*>(&constraint);
  PgQuery__AlterTableCmd command = PG_QUERY__ALTER_TABLE_CMD__INIT;
  command.subtype = PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint;
  command.behavior = PG_QUERY__DROP_BEHAVIOR__DROP_RESTRICT;
  command.def = &definition;
  PgQuery__RangeVar name = PG_QUERY__RANGE_VAR__INIT;
  std::string schema = table.schema;
  std::string relation = table.name;
  if (name_in(operation, table) != quote_where_needed(table.name)) name.schemaname = schema.data();
  name.relname = relation.data();
  name.inh = true;
  Node command_node = PG_QUERY__NODE__INIT;
  command_node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_CMD;
  command_node.alter_table_cmd = &command;
  Node* commands[] = {&command_node};
  PgQuery__AlterTableStmt statement = PG_QUERY__ALTER_TABLE_STMT__INIT;
  statement.relation = &name;
  statement.objtype = PG_QUERY__OBJECT_TYPE__OBJECT_TABLE;
  statement.n_cmds = 1;
  statement.cmds = commands;
  Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_STMT;
  node.alter_table_stmt = &statement;
  return deparse_statement(node);
}

bool is_foreign_key(const PgQuery__Constraint& constraint) {
  return constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN;
}

// The name of the foreign key that `parent` gave a partition; `wanted` where the operation did not get that far.
std::string copied_name(const Relation& partition, const Constraint* parent, const std::string& wanted) {
  for (const Constraint& each : partition.constraints) {
    if (parent && each.parent == parent->id) return each.name;
  }
  return wanted;
}

std::vector<RecipeStep> not_valid_then_validate(const Operation& operation, const Relation& table,
                                                PgQuery__Constraint constraint, std::string name) {
  constraint.conname = name.data();
  constraint.skip_validation = true;
  constraint.initially_valid = false;
  return {
      step(add_constraint_sql(operation, table, constraint)),
      step(alter_table(operation, table, fmt::format("VALIDATE CONSTRAINT {}", quote_where_needed(name))),
           "reads the table while it is written"),
  };
}

void on_leaves(const Operation& operation, const Relation& table, const std::string& name,
               const PgQuery__Constraint& constraint, std::vector<RecipeStep>& steps) {
  for (const ObjectId id : table.children) {
    const Relation* partition = operation.catalog.relations.get(id);
    if (!partition) continue;
    const std::string copy = copied_name(*partition, table.constraint(name), name);
    if (partition->is_partitioned()) {
      on_leaves(operation, *partition, copy, constraint, steps);
    } else {
      append(steps, not_valid_then_validate(operation, *partition, constraint, copy));
    }
  }
}

}  // namespace

std::vector<RecipeStep> set_not_null(const Operation& operation, const Relation& table,
                                     const std::vector<std::string>& columns) {
  std::vector<std::string> checks, validations, settings;
  std::vector<std::string> taken;
  for (const std::string& name : columns) {
    const Column* column = table.column(std::string_view(name));
    if (column && column->not_null) continue;
    const std::string guard =
        quote_where_needed(free_constraint(operation, table, object_name(table.name, name, "not_null")));
    checks.push_back(
        fmt::format("ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", guard, quote_where_needed(name)));
    validations.push_back("VALIDATE CONSTRAINT " + guard);
    settings.push_back(fmt::format("ALTER COLUMN {} SET NOT NULL", quote_where_needed(name)));
    taken.push_back("DROP CONSTRAINT " + guard);
  }
  if (checks.empty()) return {};
  // Two statements: the CHECK must still stand when SET NOT NULL looks for it, and drops come first within one.
  std::vector<RecipeStep> steps = {
      step(alter_table(operation, table, join(checks, ", "))),
      step(alter_table(operation, table, join(validations, ", ")), "reads the table while it is read and written"),
      step(alter_table(operation, table, join(settings, ", ")), "the CHECK proves it: no scan"),
      step(alter_table(operation, table, join(taken, ", "))),
  };
  join_steps(steps, 2);
  return steps;
}

std::vector<RecipeStep> add_not_valid(const Operation& operation, const Relation& table,
                                      const PgQuery__Constraint& constraint, const std::string& name) {
  if (!is_foreign_key(constraint) || !table.is_partitioned()) {
    return not_valid_then_validate(operation, table, constraint, name);
  }
  const Relation* after = operation.catalog.relations.get(table.id);
  if (!after) return {};
  std::vector<RecipeStep> steps;
  on_leaves(operation, *after, name, constraint, steps);
  PgQuery__Constraint named = constraint;
  std::string text = name;
  named.conname = text.data();
  named.skip_validation = false;
  named.initially_valid = true;
  steps.push_back(
      step(add_constraint_sql(operation, table, named), "takes over the partitions' validated foreign keys: no scan"));
  return steps;
}

std::vector<RecipeStep> add_key_using_index(const Operation& operation, const Relation& table,
                                            const PgQuery__Constraint& constraint, const std::string& name,
                                            const std::vector<std::string>& columns) {
  if (table.is_partitioned() || columns.empty()) return {};
  const bool primary = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  std::vector<std::string> keys;
  for (const std::string& each : columns) keys.push_back(quote_where_needed(each));
  std::string sql = fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({})", quote_where_needed(name),
                                name_in(operation, table), join(keys, ", "));
  if (constraint.n_including) {
    std::vector<std::string> included;
    for (const std::string& each : string_values(constraint.n_including, constraint.including)) {
      included.push_back(quote_where_needed(each));
    }
    sql += fmt::format(" INCLUDE ({})", join(included, ", "));
  }
  if (constraint.nulls_not_distinct) sql += " NULLS NOT DISTINCT";
  std::vector<RecipeStep> steps = {alone(
      sql, "where it fails (a value is there twice) it leaves an invalid index behind: drop that, then try again")};
  if (primary) append(steps, set_not_null(operation, table, columns));
  std::string use = fmt::format("ADD CONSTRAINT {0} {1} USING INDEX {0}", quote_where_needed(name),
                                primary ? "PRIMARY KEY" : "UNIQUE");
  if (constraint.deferrable) use += constraint.initdeferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
  steps.push_back(step(alter_table(operation, table, use), "metadata only"));
  return steps;
}

}  // namespace martlet
