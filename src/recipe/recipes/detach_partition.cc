// DETACH PARTITION CONCURRENTLY leaves the parent open. It is refused while there is a default partition, and leaves a
// CHECK with the bounds on the table that is detached (tablecmds.c, DetachAddConstraintIfNeeded).
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "recipe/bound.h"
#include "recipe/build.h"

namespace martlet {
namespace {

const Relation* partition_of(const Operation& operation, const PgQuery__PartitionCmd& command) {
  for (const ObjectId id : operation.table->children) {
    const Relation* child = operation.before.relation(id);
    if (child && child->name == command.name->relname) return child;
  }
  return nullptr;
}

std::vector<RecipeStep> steps(const Operation& operation) {
  if (!operation.table || !operation.command || !operation.command->def) return {};
  if (operation.table->partition.default_partition != 0) return {};
  PgQuery__PartitionCmd partition = *operation.command->def->partition_cmd;
  const Relation* detached = partition_of(operation, partition);
  if (!detached) return {};
  partition.concurrent = true;
  Node definition = *operation.command->def;
  definition.partition_cmd = &partition;
  PgQuery__AlterTableCmd command = *operation.command;
  command.def = &definition;
  std::vector<RecipeStep> steps = {alone(alter_with(operation, command))};
  // Hash bounds leave a CHECK as well, by a name of the same making.
  steps.push_back(step(alter_table(operation, *detached,
                                   "DROP CONSTRAINT IF EXISTS " +
                                       quote_where_needed(name_of_left_check(operation, *operation.table, *detached))),
                       "that it leaves to say what rows the table held"));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "detach-partition",
    .summary = "detach it while the parent is in use",
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
