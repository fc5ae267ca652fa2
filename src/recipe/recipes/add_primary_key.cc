// A new table without a primary key gets one before anybody uses it: by the column that looks like one, by what is
// unique, or by a column of its own.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "recipe/build.h"

namespace martlet {
namespace {

bool identifies(const Column& column) {
  const bool counts = column.identity != Column::Identity::none || column.default_sql.starts_with("nextval(");
  return counts || column.name == "id";
}

// nullopt where a column has to be added.
std::optional<std::string> key_columns(const Relation& table) {
  for (const Constraint& each : table.constraints) {
    if (each.kind == Constraint::Kind::unique) return column_list(table, each.columns);
  }
  const auto column = std::ranges::find_if(table.columns, identifies);
  return column == table.columns.end() ? std::nullopt : std::optional(quote_where_needed(column->name));
}

std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_CREATE_STMT || !operation.table) return {};
  const Relation& table = *operation.table;
  const bool is_plain = table.kind == RelationKind::table && !table.of_type && !table.columns_unknown &&
                        table.inherits.empty() && !table.partition.parent;
  if (!is_plain) return {};
  const std::optional<std::string> columns = key_columns(table);
  const std::string action = columns ? fmt::format("ADD PRIMARY KEY ({})", *columns)
                                     : "ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
  std::vector<RecipeStep> steps{step(operation.statement.text), step(alter_table(operation, table, action))};
  join_steps(steps, 0);
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "add-primary-key",
    .summary = "give the new table a primary key in the same transaction",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
