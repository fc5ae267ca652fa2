// REFRESH MATERIALIZED VIEW (matview.c, ExecRefreshMatView).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/query/reader.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

bool has_whole_unique_index(const Catalog& catalog, const Relation& view) {
  return std::ranges::any_of(view.indexes, [&](ObjectId id) {
    const IndexDefinition& index = *catalog.relations.get(id)->index;
    const auto is_expression = [](const IndexKey& key) { return key.column == 0; };
    return index.unique && index.valid && index.predicate.empty() && std::ranges::none_of(index.keys, is_expression);
  });
}

// Its query reads all of what it reads, as far as the model keeps it.
void run_query(Execution& execution, const Relation& view) {
  QueryReader reader(execution);
  std::vector<ObjectId> read;
  for (const ColumnUse& use : view.view ? view.view->uses : std::vector<ColumnUse>()) {
    if (use.relation == view.id || std::ranges::find(read, use.relation) != read.end()) continue;
    read.push_back(use.relation);
  }
  for (const ObjectId each : read) reader.read_relation(each, QueryReading::whole);
}

void refresh_concurrently(Execution& execution, ObjectId id) {
  execution.lock(id, LockMode::exclusive);
  const Relation& view = *execution.catalog.relations.get(id);
  if (view.view && !view.view->populated) {
    execution.fail("0A000", "CONCURRENTLY cannot be used when the materialized view is not populated");
  }
  if (!view.assumed && !has_whole_unique_index(execution.catalog, view)) {
    execution.fail("55000",
                   fmt::format("cannot refresh materialized view \"{}.{}\" concurrently", view.schema, view.name));
  }
  run_query(execution, view);
  const std::vector<ObjectId> indexes = view.indexes;
  execution.scan(id);
  for (const ObjectId index : indexes) execution.lock(index, LockMode::row_exclusive);
}

void execute_refresh(Execution& execution, const Node& node) {
  const PgQuery__RefreshMatViewStmt& statement = *node.refresh_mat_view_stmt;
  const Relation& view = execution.relation(qualified_name(*statement.relation), RelationKind::materialized_view);
  const ObjectId id = view.id;
  if (view.kind != RelationKind::materialized_view) {
    const bool table = view.kind == RelationKind::table || view.kind == RelationKind::partitioned_table;
    execution.fail(table ? "0A000" : "42809",
                   table ? fmt::format("\"{}\" is not a materialized view", view.name)
                         : fmt::format("\"{}\" is not a table or materialized view", view.name));
  }
  if (statement.concurrent && statement.skip_data) {
    execution.fail("42601", "REFRESH options CONCURRENTLY and WITH NO DATA cannot be used together");
  }
  if (statement.concurrent) return refresh_concurrently(execution, id);
  execution.lock(id, LockMode::access_exclusive);
  if (!statement.skip_data) run_query(execution, view);
  execution.rewrite(id);
  Relation& refreshed = execution.catalog.relations.edit(id);
  if (refreshed.view) refreshed.view->populated = !statement.skip_data;
}

const Registered<StatementKind> kRefresh{
    {.id = "RefreshMatViewStmt", .node = PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT, .execute = execute_refresh}};

}  // namespace
}  // namespace martlet
