#include "recipe/undo_detach.h"

#include <fmt/format.h>

#include "base/text.h"
#include "effects/search_path.h"
#include "recipe/bound.h"
#include "recipe/build.h"
#include "sql/tree.h"

namespace martlet {
namespace {

const Relation* find_before(const Operation& operation, const QualifiedName& name) {
  return by_search_path(operation.session, name, [&](std::string_view schema, std::string_view relation) {
    return operation.before.relation(schema, relation);
  });
}

// DETACH … CONCURRENTLY leaves a CHECK that says the bounds; the step behind it may not have dropped it yet.
std::string drop_left_check(const Operation& operation, const Relation& before, const Relation& after) {
  if (detached_partition(*operation.node.alter_table_stmt)->concurrent) {
    const std::string name = name_of_left_check(operation, *operation.table, before);
    return alter_table(operation, after, "DROP CONSTRAINT IF EXISTS " + quote_where_needed(name));
  }
  return "";
}

std::vector<RecipeStep> attaching(const Operation& operation, const Relation& parent, const Relation& partition,
                                  const std::string& attach) {
  std::vector<RecipeStep> steps;
  visit_trees({{.text = attach}}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return;
    const PgQuery__PartitionCmd& command = *node->alter_table_stmt->cmds[0]->alter_table_cmd->def->partition_cmd;
    if (command.bound) steps = attach_with_checks(operation, parent, &partition, *command.bound, attach);
  });
  if (steps.empty()) steps.push_back(step(attach));
  return steps;
}

}  // namespace

const PgQuery__PartitionCmd* detached_partition(const PgQuery__AlterTableStmt& alter) {
  if (alter.n_cmds != 1) return nullptr;
  const PgQuery__AlterTableCmd& command = *alter.cmds[0]->alter_table_cmd;
  if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition) return nullptr;
  return command.def->partition_cmd;
}

std::optional<std::string> attach_again(const Operation& operation, const Relation& parent,
                                        const QualifiedName& partition) {
  const Relation* before = find_before(operation, partition);
  const Relation* after = before ? operation.catalog.relations.get(before->id) : nullptr;
  if (!after || before->partition.bound.empty()) return std::nullopt;
  Operation detaching = operation;
  detaching.table = &parent;
  const std::string attach = alter_table(
      operation, parent, fmt::format("ATTACH PARTITION {} {}", name_in(operation, *before), before->partition.bound));
  std::vector<std::string> statements;
  for (const RecipeStep& each : attaching(detaching, parent, *after, attach)) statements.push_back(each.sql);
  if (std::string drop = drop_left_check(detaching, *before, *after); !drop.empty()) {
    statements.push_back(std::move(drop));
  }
  return join(statements, ";\n");
}

}  // namespace martlet
