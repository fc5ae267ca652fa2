// DROP TABLE: old code breaks at once and nothing brings the rows back. Renamed first, it breaks as loudly, and
// renaming back is all it takes; the rows go when nobody has missed them.
#include <fmt/format.h>

#include "base/registry.h"
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

std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_DROP_STMT || !operation.table) return {};
  const Relation& table = *operation.table;
  const std::string kept = free_relation(operation, table.schema, object_name(table.name, "", "deprecated"));
  const bool cascade = operation.node.drop_stmt->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  Relation renamed{.schema = table.schema, .name = kept};
  const std::string old_name = name_in(operation, table);
  const std::string new_name =
      old_name == quote_where_needed(table.name) ? quote_where_needed(kept) : name_in(operation, renamed);
  return {
      contract(fmt::format("ALTER {} {} RENAME TO {}", noun(table.kind), old_name, quote_where_needed(kept)),
               "what still uses it fails now, and renaming it back mends that"),
      finish(fmt::format("DROP {} {}{}", noun(table.kind), new_name, cascade ? " CASCADE" : ""),
             "after seven days in which nobody has missed it; a dump of it can be kept"),
  };
}

const Registered<Recipe> kRecipe{{
    .id = "drop-table",
    .summary = "rename it, wait, then drop it",
    .tier = Tier::expand_contract,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
