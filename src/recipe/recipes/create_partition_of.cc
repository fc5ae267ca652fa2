// CREATE TABLE … PARTITION OF locks the parent ACCESS EXCLUSIVE, ATTACH PARTITION of a table made beforehand SHARE
// UPDATE EXCLUSIVE only.
#include <fmt/format.h>

#include "base/registry.h"
#include "recipe/bound.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::string attach_sql(const Operation& operation, const PgQuery__PartitionBoundSpec& bound) {
  PgQuery__PartitionCmd partition = PG_QUERY__PARTITION_CMD__INIT;
  PgQuery__RangeVar name = *operation.node.create_stmt->relation;
  partition.name = &name;
  partition.bound = const_cast<PgQuery__PartitionBoundSpec*>(&bound);
  Node definition = PG_QUERY__NODE__INIT;
  definition.node_case = PG_QUERY__NODE__NODE_PARTITION_CMD;
  definition.partition_cmd = &partition;
  PgQuery__AlterTableCmd command = PG_QUERY__ALTER_TABLE_CMD__INIT;
  command.subtype = PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition;
  command.behavior = PG_QUERY__DROP_BEHAVIOR__DROP_RESTRICT;
  command.def = &definition;
  Node command_node = PG_QUERY__NODE__INIT;
  command_node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_CMD;
  command_node.alter_table_cmd = &command;
  Node* commands[] = {&command_node};
  PgQuery__AlterTableStmt alter = PG_QUERY__ALTER_TABLE_STMT__INIT;
  alter.relation = operation.node.create_stmt->inh_relations[0]->range_var;
  alter.objtype = PG_QUERY__OBJECT_TYPE__OBJECT_TABLE;
  alter.n_cmds = 1;
  alter.cmds = commands;
  Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_STMT;
  node.alter_table_stmt = &alter;
  return deparse_statement(node);
}

// LIKE takes what a partition inherits; its indexes, keys and triggers come with ATTACH, under the same names.
std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_CREATE_STMT) return {};
  const PgQuery__CreateStmt& create = *operation.node.create_stmt;
  if (!create.partbound || create.n_inh_relations != 1 || create.n_table_elts || !operation.table) return {};
  if (create.partspec || create.n_options || *create.tablespacename || *create.access_method) return {};
  const std::string child = qualified_name(*create.relation).text();
  const std::string make = fmt::format(
      "CREATE TABLE {}{} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING "
      "STORAGE INCLUDING COMPRESSION)",
      create.if_not_exists ? "IF NOT EXISTS " : "", child, name_in(operation, *operation.table));
  std::vector<RecipeStep> attaching = attach_with_checks(operation, *operation.table, nullptr, *create.partbound,
                                                         attach_sql(operation, *create.partbound));
  if (attaching.empty() && operation.table->partition.default_partition == 0) {
    attaching.push_back(step(attach_sql(operation, *create.partbound)));
  }
  if (attaching.empty()) return {};
  std::vector<RecipeStep> steps = {step(make)};
  append(steps, std::move(attaching));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "create-partition-of",
    .summary = "make the table beforehand and attach it, which leaves the parent open",
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
