// CLUSTER (cluster.c).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

// 0: of a table nobody has seen.
ObjectId clustered_index(const Execution& execution, const Relation& table, std::string_view name) {
  for (const ObjectId id : table.indexes) {
    const Relation& index = *execution.catalog.relations.get(id);
    if (name.empty() ? index.index->clustered : index.name == name) return id;
  }
  if (table.assumed) return 0;
  if (name.empty()) {
    execution.fail("42704", fmt::format("there is no previously clustered index for table \"{}\"", table.name));
  }
  // Whether what has the name is an index of the table is asked later.
  if (const Relation* namesake = execution.catalog.relations.find(table.schema, name)) return namesake->id;
  execution.fail("42704", fmt::format("index \"{}\" for table \"{}\" does not exist", name, table.name));
}

// check_index_is_clusterable
void require_index_of(const Execution& execution, const Relation& table, ObjectId id) {
  if (!id || std::ranges::find(table.indexes, id) != table.indexes.end()) return;
  execution.fail("42809", fmt::format("\"{}\" is not an index for table \"{}\"",
                                      execution.catalog.relations.get(id)->name, table.name));
}

void execute_cluster(Execution& execution, const Node& node) {
  const PgQuery__ClusterStmt& statement = *node.cluster_stmt;
  if (!statement.relation) {
    execution.refuse_in_transaction("CLUSTER");
    std::vector<ObjectId> tables;
    execution.catalog.relations.each_of_users([&](const Relation& each) {
      if (each.index && each.index->clustered) tables.push_back(each.index->table);
    });
    for (const ObjectId table : tables) execution.rewrite(table);
    return;
  }
  const Relation& table = execution.relation(qualified_name(*statement.relation));
  const ObjectId id = table.id;
  execution.lock(id, LockMode::access_exclusive);
  const ObjectId index = clustered_index(execution, table, statement.indexname);
  if (table.kind == RelationKind::partitioned_table) {
    execution.refuse_in_transaction("CLUSTER");
    require_index_of(execution, table, index);
    for (const ObjectId child : std::vector<ObjectId>(table.children)) execution.rewrite(child);
    return;
  }
  require_index_of(execution, table, index);
  execution.rewrite(id);
  if (!index) return;
  const std::vector<ObjectId> indexes = execution.catalog.relations.get(id)->indexes;
  for (const ObjectId each : indexes) execution.catalog.relations.edit(each).index->clustered = each == index;
}

const Registered<StatementKind> kCluster{
    {.id = "ClusterStmt", .node = PG_QUERY__NODE__NODE_CLUSTER_STMT, .execute = execute_cluster}};

}  // namespace
}  // namespace martlet
