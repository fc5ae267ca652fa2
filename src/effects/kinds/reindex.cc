// REINDEX (indexcmds.c, ExecReindex).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

bool has_option(const PgQuery__ReindexStmt& statement, std::string_view name) {
  for (const Node* each : list(statement.n_params, statement.params)) {
    if (each->def_elem->defname != name) continue;
    const Node* value = each->def_elem->arg;
    return !value || string_value(value) != "off";
  }
  return false;
}

void rebuild_index(Execution& execution, ObjectId index, bool concurrently) {
  if (!concurrently) return execution.rebuild(index);
  execution.lock(index, LockMode::share_update_exclusive);
}

// One table: SHARE, its rows read once for each index.
void reindex_table(Execution& execution, ObjectId id, bool concurrently) {
  execution.lock(id, concurrently ? LockMode::share_update_exclusive : LockMode::share);
  const Relation& table = *execution.catalog.relations.get(id);
  if (!table.indexes.empty() && table.is_heap()) execution.scan(id);
  const std::vector<ObjectId> indexes = table.indexes;
  for (const ObjectId index : indexes) rebuild_index(execution, index, concurrently);
}

void reindex_partitions(Execution& execution, ObjectId id, bool concurrently) {
  const Relation& relation = *execution.catalog.relations.get(id);
  const std::vector<ObjectId> children = relation.children;
  for (const ObjectId child : children) {
    const Relation& partition = *execution.catalog.relations.get(child);
    if (partition.is_partitioned()) {
      reindex_partitions(execution, child, concurrently);
    } else if (partition.is_index()) {
      execution.lock(partition.index->table, concurrently ? LockMode::share_update_exclusive : LockMode::share);
      execution.scan(partition.index->table);
      rebuild_index(execution, child, concurrently);
    } else {
      reindex_table(execution, child, concurrently);
    }
  }
}

void reindex_index(Execution& execution, const Relation& index, bool concurrently) {
  if (!index.is_index()) execution.fail("42809", fmt::format("\"{}\" is not an index", index.name));
  const ObjectId id = index.id;
  if (index.index) {
    execution.lock(index.index->table, concurrently ? LockMode::share_update_exclusive : LockMode::share);
    execution.scan(index.index->table);
  }
  rebuild_index(execution, id, concurrently);
}

// RangeVarCallbackOwnsTable
void require_table(const Execution& execution, const Relation& relation) {
  if (relation.is_heap() || relation.kind == RelationKind::partitioned_table) return;
  execution.fail("42809", fmt::format("\"{}\" is not a table or materialized view", relation.name));
}

void reindex_relation(Execution& execution, const PgQuery__ReindexStmt& statement, bool concurrently) {
  const bool is_index = statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX;
  const Relation& relation =
      execution.relation(qualified_name(*statement.relation), is_index ? RelationKind::index : RelationKind::table);
  const ObjectId id = relation.id;
  if (!is_index) require_table(execution, relation);
  if (relation.is_partitioned()) {
    execution.refuse_in_transaction(is_index ? "REINDEX INDEX" : "REINDEX TABLE");
    return reindex_partitions(execution, id, concurrently);
  }
  if (is_index) {
    reindex_index(execution, relation, concurrently);
  } else {
    reindex_table(execution, id, concurrently);
  }
  const Relation& done = *execution.catalog.relations.get(id);
  if (done.index && !done.index->valid) execution.catalog.relations.edit(id).index->valid = true;
}

void execute_reindex(Execution& execution, const Node& node) {
  const PgQuery__ReindexStmt& statement = *node.reindex_stmt;
  const bool concurrently = has_option(statement, "concurrently");
  if (concurrently) execution.refuse_in_transaction("REINDEX CONCURRENTLY");
  switch (statement.kind) {
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA:
      execution.refuse_in_transaction("REINDEX SCHEMA");
      break;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM:
      return execution.refuse_in_transaction("REINDEX SYSTEM");
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE:
      execution.refuse_in_transaction("REINDEX DATABASE");
      break;
    default:
      return reindex_relation(execution, statement, concurrently);
  }
  std::vector<ObjectId> tables;
  execution.catalog.relations.each_of_users([&](const Relation& each) {
    const bool inside =
        statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE || each.schema == statement.name;
    if (each.is_heap() && inside) tables.push_back(each.id);
  });
  for (const ObjectId table : tables) reindex_table(execution, table, concurrently);
}

const Registered<StatementKind> kReindex{
    {.id = "ReindexStmt", .node = PG_QUERY__NODE__NODE_REINDEX_STMT, .execute = execute_reindex}};

}  // namespace
}  // namespace martlet
