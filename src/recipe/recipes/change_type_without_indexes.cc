// ALTER COLUMN … TYPE that keeps the rows but sorts them in another way: without its indexes it is metadata only. They
// are dropped and built again concurrently; those of constraints cannot be.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "recipe/build.h"
#include "recipe/definition.h"

namespace martlet {
namespace {

bool reads_column(const IndexDefinition& index, int column) {
  return std::ranges::count(index.reads, column) > 0 || std::ranges::count(index.included, column) > 0;
}

std::vector<RecipeStep> steps(const Operation& operation) {
  const Relation* after = table_after(operation);
  if (!after || !operation.command || operation.table->kind != RelationKind::table) return {};
  const Relation& table = *operation.table;
  const Column* column = table.column(std::string_view(operation.command->name));
  if (!column) return {};
  std::vector<RecipeStep> drops, builds;
  for (const ObjectId id : table.indexes) {
    const Relation* index = operation.before.relation(id);
    if (!index || !index->index || !reads_column(*index->index, column->number)) continue;
    const std::string sql = create_index_sql(operation, *index, *after, Build::concurrently);
    if (index->index->constraint != 0 || index->index->unique || sql.empty()) return {};
    drops.push_back(alone("DROP INDEX CONCURRENTLY " + name_in(operation, *index)));
    builds.push_back(alone(sql));
  }
  if (drops.empty()) return {};
  drops.front().note = "queries do without the index until the end";
  std::vector<RecipeStep> steps = std::move(drops);
  steps.push_back(step(alter_with(operation, *operation.command), "metadata only"));
  append(steps, std::move(builds));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "change-type-without-indexes",
    .summary = "drop the column's indexes concurrently, change the type, build them again concurrently",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
