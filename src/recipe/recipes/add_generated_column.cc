// ADD COLUMN … GENERATED ALWAYS AS (…) STORED: a plain column that a trigger computes, filled in batches. It is not a
// generated column afterwards: PostgreSQL makes none of a column that is there.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/coercion.h"
#include "recipe/build.h"
#include "recipe/parts.h"
#include "recipe/twin.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  const Relation* after = table_after(operation);
  const bool adds = after && operation.command && operation.command->def &&
                    operation.command->def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF;
  if (!adds || after->kind != RelationKind::table || !after->children.empty()) return {};
  const Column* column = after->column(std::string_view(operation.command->def->column_def->colname));
  if (!column || !column->generated) return {};
  const Twin twin{
      .table = *operation.table,
      .original = *column,
      .name = column->name,
      .value = column->default_sql,
      .direction = Twin::Direction::forth,
  };
  std::vector<RecipeStep> steps = add_twin(operation, twin);
  if (steps.empty()) return {};
  steps.front().note = "a trigger computes it: the column is not a generated one afterwards";
  if (column->not_null) append(steps, set_not_null(operation, *operation.table, {column->name}));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "add-generated-column",
    .summary = "a plain column that a trigger computes, filled in batches",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
