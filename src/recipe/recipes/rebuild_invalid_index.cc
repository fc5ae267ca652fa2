// CREATE INDEX IF NOT EXISTS over what a failed concurrent build has left.
#include "base/registry.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_INDEX_STMT || !operation.table) return {};
  const PgQuery__IndexStmt& statement = *operation.node.index_stmt;
  const Relation* index = operation.before.relation(operation.table->schema, statement.idxname);
  if (!index) return {};
  PgQuery__IndexStmt again = statement;
  std::string name = quote_where_needed(statement.idxname);  // the deparser writes it as it is
  again.idxname = name.data();
  again.concurrent = !operation.table->is_partitioned();
  Node node = operation.node;
  node.index_stmt = &again;
  return {alone("DROP INDEX CONCURRENTLY " + name_in(operation, *index)), alone(deparse_statement(node))};
}

const Registered<Recipe> kRecipe{{
    .id = "rebuild-invalid-index",
    .summary = "drop the invalid index, then build it again",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
