// RENAME COLUMN: old code breaks in the same moment. A second column with the new name is kept in step by a trigger
// until all code uses it; then it goes, and the old column takes its name: with its indexes, constraints, rights and
// place.
#include <fmt/format.h>

#include "base/registry.h"
#include "recipe/build.h"
#include "recipe/parts.h"
#include "recipe/twin.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_RENAME_STMT || !operation.table) return {};
  const PgQuery__RenameStmt& rename = *operation.node.rename_stmt;
  const Relation& table = *operation.table;
  const Column* column = table.column(std::string_view(rename.subname));
  if (!column || column->generated || table.kind != RelationKind::table) return {};
  const Twin twin{.table = table, .original = *column, .name = rename.newname};
  std::vector<RecipeStep> steps = add_twin(operation, twin);
  if (steps.empty()) return {};
  const std::size_t swap = steps.size();
  append(steps, drop_twin_trigger(operation, twin));
  steps.push_back(step(alter_table(operation, table, "DROP COLUMN " + quote_where_needed(twin.name))));
  steps.push_back(step(deparse_statement(operation.node)));
  for (std::size_t i = swap; i < steps.size(); ++i) steps[i].phase = Phase::contract;
  join_steps(steps, swap);
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "rename-column",
    .summary = "keep both names in step by a trigger until all code uses the new one, then rename",
    .tier = Tier::expand_contract,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
