// Statements that have a CONCURRENTLY of their own and need nothing more: DROP INDEX, REINDEX, REFRESH MATERIALIZED
// VIEW.
#include "base/registry.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::vector<RecipeStep> drop_index(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_DROP_STMT) return {};
  const PgQuery__DropStmt& original = *operation.node.drop_stmt;
  // CONCURRENTLY takes one index, and no CASCADE (index_drop in catalog/index.c, RemoveRelations).
  if (original.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) return {};
  std::vector<RecipeStep> steps;
  for (Node* object : list(original.n_objects, original.objects)) {
    PgQuery__DropStmt drop = original;
    drop.n_objects = 1;
    drop.objects = &object;
    drop.concurrent = true;
    Node node = operation.node;
    node.drop_stmt = &drop;
    steps.push_back(alone(deparse_statement(node)));
  }
  return steps;
}

std::vector<RecipeStep> reindex(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_REINDEX_STMT) return {};
  PgQuery__ReindexStmt statement = *operation.node.reindex_stmt;
  if (statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM) return {};
  PgQuery__DefElem option = PG_QUERY__DEF_ELEM__INIT;
  char name[] = "concurrently";
  option.defname = name;
  option.defaction = PG_QUERY__DEF_ELEM_ACTION__DEFELEM_UNSPEC;
  Node option_node = PG_QUERY__NODE__INIT;
  option_node.node_case = PG_QUERY__NODE__NODE_DEF_ELEM;
  option_node.def_elem = &option;
  std::vector<Node*> params(statement.params, statement.params + statement.n_params);
  params.push_back(&option_node);
  statement.n_params = params.size();
  statement.params = params.data();
  Node node = operation.node;
  node.reindex_stmt = &statement;
  return {alone(deparse_statement(node), "where it fails it leaves an invalid index *_ccnew behind: drop that")};
}

// It needs a unique index on columns of the whole view, and rows that are there already (matview.c).
bool can_refresh_concurrently(const Operation& operation, const Relation& view) {
  if (!view.view || !view.view->populated) return false;
  for (const ObjectId id : view.indexes) {
    const Relation* relation = operation.before.relation(id);
    if (!relation || !relation->index) continue;
    const IndexDefinition& index = *relation->index;
    bool plain = index.unique && index.valid && index.immediate && index.predicate.empty();
    for (const IndexKey& key : index.keys) plain = plain && key.column != 0;
    if (plain) return true;
  }
  return false;
}

std::vector<RecipeStep> refresh(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT || !operation.table) return {};
  PgQuery__RefreshMatViewStmt statement = *operation.node.refresh_mat_view_stmt;
  if (statement.skip_data || !can_refresh_concurrently(operation, *operation.table)) return {};
  statement.concurrent = true;
  Node node = operation.node;
  node.refresh_mat_view_stmt = &statement;
  return {step(deparse_statement(node), "readers go on; only the rows that differ are written")};
}

const Registered<Recipe> kDropIndex{{
    .id = "drop-index",
    .summary = "drop the index while reads and writes go on",
    .steps = drop_index,
}};
const Registered<Recipe> kReindex{{
    .id = "reindex",
    .summary = "build the index anew beside the old one while reads and writes go on",
    .steps = reindex,
}};
const Registered<Recipe> kRefresh{{
    .id = "refresh-materialized-view",
    .summary = "compute the new rows beside the old ones, which stay readable",
    .steps = refresh,
}};

}  // namespace
}  // namespace martlet
