// A foreign key without an index on its own columns: every DELETE and key UPDATE of the referenced table reads the
// whole referencing one.
#include <fmt/format.h>

#include "base/registry.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  if (!operation.table || !operation.constraint) return {};
  const Constraint* key = constraint_after(operation, *operation.constraint);
  const Relation* table = table_after(operation);
  if (!key || !table || table->is_partitioned()) return {};
  std::string names;
  for (const int number : key->columns) {
    const Column* column = table->column(number);
    if (!column) return {};
    names += (names.empty() ? "" : "_") + column->name;
  }
  const std::string index = free_relation(operation, table->schema, object_name(table->name, names, "idx"));
  const std::string sql = fmt::format("{} ON {} ({})", quote_where_needed(index), name_in(operation, *table),
                                      column_list(*table, key->columns));
  if (!operation.before.relation(table->id)) return {step("CREATE INDEX " + sql)};
  return {alone("CREATE INDEX CONCURRENTLY " + sql)};
}

const Registered<Recipe> kRecipe{{
    .id = "foreign-key-index",
    .summary = "an index on the referencing columns, built concurrently",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
