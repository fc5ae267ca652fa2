// CREATE INDEX on a live table: CONCURRENTLY. A partitioned table cannot take that: its index is made without its
// partitions', each partition's is built concurrently, and attached; with the last one the parent's becomes valid.
#include <fmt/format.h>

#include "base/registry.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::string create_index(const PgQuery__IndexStmt& index) {
  Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_INDEX_STMT;
  node.index_stmt = const_cast<PgQuery__IndexStmt*>(&index);
  return deparse_statement(node);
}

// The index of a partition that belongs to `parent`; with parent 0 the one that the statement made.
const Relation* index_of(const Operation& operation, ObjectId table, ObjectId parent) {
  const Relation* now = operation.catalog.relations.get(table);
  if (!now) return nullptr;
  for (const ObjectId id : now->indexes) {
    const Relation* index = operation.catalog.relations.get(id);
    const bool right = parent || !operation.before.relation(id);
    if (right && index && index->index && index->index->parent == parent) return index;
  }
  return nullptr;
}

// The index on one table or partition, and on what is below it.
class Build {
 public:
  Build(const Operation& operation, const PgQuery__IndexStmt& statement)
      : operation_(operation), statement_(statement) {}

  std::vector<RecipeStep> steps;

  void on(const Relation& table, const Relation& index) {
    PgQuery__IndexStmt statement = statement_;
    PgQuery__RangeVar name = *statement_.relation;
    std::string schema = table.schema;
    std::string relation = table.name;
    // The deparser writes the name as it is.
    std::string index_name = *statement.idxname || table.is_partitioned() || &table != operation_.table
                                 ? quote_where_needed(index.name)
                                 : "";
    if (&table != operation_.table) {
      if (name_in(operation_, table).find('.') != std::string::npos || *name.schemaname)
        name.schemaname = schema.data();
      name.relname = relation.data();
    }
    statement.idxname = index_name.data();
    name.inh = !table.is_partitioned();
    statement.relation = &name;
    statement.concurrent = name.inh;
    if (!table.is_partitioned()) {
      return steps.push_back(alone(create_index(statement),
                                   "where it fails it leaves an invalid index behind: drop that, then try again"));
    }
    steps.push_back(step(create_index(statement), "not valid before every partition has its index"));
    for (const ObjectId id : table.children) on_partition(id, index);
  }

 private:
  void on_partition(ObjectId id, const Relation& parent) {
    const Relation* partition = operation_.catalog.relations.get(id);
    const Relation* index = partition ? index_of(operation_, id, parent.id) : nullptr;
    if (!index) return;
    if (!operation_.before.relation(index->id)) on(*partition, *index);
    steps.push_back(step(
        fmt::format("ALTER INDEX {} ATTACH PARTITION {}", name_in(operation_, parent), name_in(operation_, *index))));
  }

  const Operation& operation_;
  const PgQuery__IndexStmt& statement_;
};

std::vector<RecipeStep> steps(const Operation& operation) {
  if (operation.node.node_case != PG_QUERY__NODE__NODE_INDEX_STMT || !operation.table) return {};
  const PgQuery__IndexStmt& statement = *operation.node.index_stmt;
  const Relation* index = index_of(operation, operation.table->id, 0);
  if (!index) return {};
  Build build(operation, statement);
  build.on(*operation.table, *index);
  return std::move(build.steps);
}

const Registered<Recipe> kRecipe{{
    .id = "create-index",
    .summary = "build the index while reads and writes go on; on a partitioned table partition by partition",
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
