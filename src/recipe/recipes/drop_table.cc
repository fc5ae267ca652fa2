// DROP TABLE: old code breaks at once and nothing brings the rows back. Renamed first, it breaks as loudly, and
// renaming back is all it takes; the rows go when nobody has missed them.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/search_path.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::string_view noun(RelationKind kind) {
  switch (kind) {
    case RelationKind::view:
      return "VIEW";
    case RelationKind::materialized_view:
      return "MATERIALIZED VIEW";
    case RelationKind::foreign_table:
      return "FOREIGN TABLE";
    case RelationKind::sequence:
      return "SEQUENCE";
    default:
      return "TABLE";
  }
}

void drop(const Operation& operation, const Relation& table, std::vector<RecipeStep>& steps) {
  const std::string kept = free_relation(operation, table.schema, object_name(table.name, "", "deprecated"));
  const bool cascade = operation.node.drop_stmt->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  Relation renamed{.schema = table.schema, .name = kept};
  const std::string old_name = name_in(operation, table);
  const std::string new_name =
      old_name == quote_where_needed(table.name) ? quote_where_needed(kept) : name_in(operation, renamed);
  steps.push_back(
      contract(fmt::format("ALTER {} {} RENAME TO {}", noun(table.kind), old_name, quote_where_needed(kept)),
               "what still uses it fails now, and renaming it back mends that"));
  steps.push_back(finish(fmt::format("DROP {} {}{}", noun(table.kind), new_name, cascade ? " CASCADE" : ""),
                         "a dump of it can be kept"));
}

// All that the statement names: hazards are found one a table, but it is one operation.
std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_DROP_STMT || !operation.table) return {};
  const PgQuery__DropStmt& statement = *operation.node.drop_stmt;
  std::vector<RecipeStep> steps;
  for (const Node* each : list(statement.n_objects, statement.objects)) {
    const QualifiedName name = qualified_name(each->list->n_items, each->list->items);
    const Relation* table =
        by_search_path(operation.session, name, [&](std::string_view schema, std::string_view relation) {
          return operation.before.relation(schema, relation);
        });
    if (!table) return {};
    drop(operation, *table, steps);
  }
  std::ranges::stable_sort(steps, {}, &RecipeStep::phase);
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "drop-table",
    .summary = "rename it, wait, then drop it",
    .tier = Tier::expand_contract,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
