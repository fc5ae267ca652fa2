// Rows of constants that somebody may have inserted already: what is there stays.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "recipe/build.h"

namespace martlet {
namespace {

bool gives(const PgQuery__InsertStmt& insert, const Relation& table, int number) {
  if (insert.n_cols == 0) return true;
  const Column* column = table.column(number);
  return column && std::ranges::any_of(list(insert.n_cols, insert.cols),
                                       [&](const Node* each) { return each->res_target->name == column->name; });
}

// The columns of a key of which the statement gives all values; "" = there is none. Keys that users see go first.
std::string given_key(const PgQuery__InsertStmt& insert, const Relation& table) {
  for (const auto kind : {Constraint::Kind::unique, Constraint::Kind::primary_key}) {
    for (const Constraint& each : table.constraints) {
      const bool is_given = std::ranges::all_of(each.columns, [&](int column) { return gives(insert, table, column); });
      if (each.kind == kind && !each.deferrable && is_given) return column_list(table, each.columns);
    }
  }
  return "";
}

std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_INSERT_STMT || !operation.table) return {};
  const PgQuery__InsertStmt& insert = *operation.node.insert_stmt;
  if (insert.on_conflict_clause || insert.n_returning_list > 0) return {};
  const std::string key = given_key(insert, *operation.table);
  if (key.empty()) return {};
  return {step(fmt::format("{}\nON CONFLICT ({}) DO NOTHING", operation.statement.text, key))};
}

const Registered<Recipe> kRecipe{{
    .id = "insert-once",
    .summary = "insert the rows whose key is not there yet",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
