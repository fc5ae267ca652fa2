// An index that does all that others do: they go when it is there, and no query is without one meanwhile.
#include <fmt/format.h>

#include "base/registry.h"
#include "recipe/build.h"
#include "recipe/definition.h"
#include "schema/index_cover.h"

namespace martlet {
namespace {

// The one that the statement has made; nullptr where there is none, or where it is one of partitions'.
const Relation* made_index(const Operation& operation, const Relation& table) {
  for (const ObjectId id : table.indexes) {
    const Relation* index = operation.before.relation(id) ? nullptr : operation.catalog.relations.get(id);
    if (index && index->index && !index->is_partitioned()) return index;
  }
  return nullptr;
}

std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_INDEX_STMT || !operation.table) return {};
  const Relation* table = table_after(operation);
  const Relation* made = table ? made_index(operation, *table) : nullptr;
  const std::string build = made ? create_index_sql(operation, *made, *table, Build::concurrently) : "";
  if (build.empty()) return {};
  std::vector<RecipeStep> steps{alone(build)};
  for (const ObjectId id : table->indexes) {
    const Relation* other = operation.before.relation(id);
    if (!other || !other->index || !does_all_of(*made->index, *other->index)) continue;
    steps.push_back(alone("DROP INDEX CONCURRENTLY " + name_in(operation, *other), "in a migration of its own"));
  }
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "replace-index",
    .summary = "build the new index concurrently, then drop those that it stands in for",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
