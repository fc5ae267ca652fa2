// ADD UNIQUE and ADD PRIMARY KEY: the index is built concurrently, the constraint takes it over.
#include "base/registry.h"
#include "recipe/build.h"
#include "recipe/parts.h"

namespace martlet {
namespace {

// The constraint that is made of an index takes the index's name where it has none of its own.
std::vector<RecipeStep> use_index(const Operation& operation) {
  const Relation* index = operation.before.relation(operation.table->schema, operation.constraint->indexname);
  if (!index || !index->index) return {};
  std::vector<std::string> columns;
  for (const IndexKey& key : index->index->keys) {
    if (const Column* column = operation.table->column(key.column)) columns.push_back(column->name);
  }
  std::vector<RecipeStep> steps = set_not_null(operation, *operation.table, columns);
  steps.push_back(step(alter_with(operation, *operation.command), "metadata only"));
  return steps;
}

std::vector<RecipeStep> steps(const Operation& operation) {
  if (!operation.table || !operation.constraint || !operation.command) return {};
  const PgQuery__Constraint& constraint = *operation.constraint;
  if (*constraint.indexname) return use_index(operation);
  const Constraint* made = constraint_after(operation, constraint);
  const std::string name = made ? made->name : constraint.conname;
  if (name.empty()) return {};
  return add_key_using_index(operation, *operation.table, constraint, name,
                             string_values(constraint.n_keys, constraint.keys));
}

const Registered<Recipe> kUnique{{
    .id = "add-unique-using-index",
    .summary = "build the unique index concurrently, then let the constraint take it over",
    .steps = steps,
}};
const Registered<Recipe> kPrimaryKey{{
    .id = "add-primary-key-using-index",
    .summary = "build the unique index concurrently, prove the columns NOT NULL, then let the key take the index over",
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
