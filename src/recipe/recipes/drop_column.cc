// DROP COLUMN: code that still names the column breaks at once, and its values are gone. The column is first made one
// that new code can leave out, then renamed, then dropped.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  if (!operation.table || !operation.command) return {};
  const Relation& table = *operation.table;
  const std::string name = operation.command->name;
  const std::string column = quote_where_needed(name);
  const std::string kept_name = free_column(table, object_name(name, "", "deprecated"));
  const std::string kept = quote_where_needed(kept_name);
  std::vector<RecipeStep> steps;
  const Column* facts = table.column(std::string_view(name));
  const bool is_key =
      facts && std::ranges::any_of(table.constraints, [&](const Constraint& each) {
        return each.kind == Constraint::Kind::primary_key && std::ranges::count(each.columns, facts->number) > 0;
      });
  const bool must_be_written =
      facts && facts->not_null && facts->default_sql.empty() && !is_key && facts->identity == Column::Identity::none;
  if (must_be_written) {
    steps.push_back(step(alter_table(operation, table, fmt::format("ALTER COLUMN {} DROP NOT NULL", column)),
                         "so that new code can leave the column out"));
  }
  steps.push_back(contract(alter_table(operation, table, fmt::format("RENAME COLUMN {} TO {}", column, kept)),
                           "what still uses it fails now, and renaming it back mends that"));
  PgQuery__AlterTableCmd command = *operation.command;
  std::string text = kept_name;
  command.name = text.data();
  steps.push_back(finish(alter_with(operation, command)));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "drop-column",
    .summary = "stop using it, rename it, wait, then drop it",
    .tier = Tier::expand_contract,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
