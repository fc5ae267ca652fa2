// INSERT.
#include <fmt/format.h>

#include <algorithm>

#include "effects/definition.h"
#include "effects/query/dml.h"
#include "effects/query/routing.h"
#include "effects/query/values.h"

namespace martlet {
namespace {

// infer_arbiter_indexes: a unique index, whole or with the same predicate, on exactly these columns.
bool has_arbiter(const Catalog& catalog, const Relation& table, const PgQuery__InferClause& infer) {
  std::vector<std::string> wanted;
  for (const Node* each : list(infer.n_index_elems, infer.index_elems)) {
    const PgQuery__IndexElem& element = *each->index_elem;
    wanted.push_back(element.expr ? deparse_expression(*element.expr) : element.name);
  }
  std::ranges::sort(wanted);
  return std::ranges::any_of(table.indexes, [&](ObjectId id) {
    const IndexDefinition& index = *catalog.relations.get(id)->index;
    if (!index.unique || !index.valid || !index.immediate) return false;
    if (!index.predicate.empty() && !infer.where_clause) return false;
    std::vector<std::string> keys;
    for (const IndexKey& key : index.keys) {
      const Column* column = table.column(key.column);
      keys.push_back(column ? column->name : key.expression);
    }
    std::ranges::sort(keys);
    return keys == wanted || std::ranges::any_of(index.keys, [](const IndexKey& key) { return key.column == 0; });
  });
}

void check_conflict_target(const Execution& execution, const Relation& table, const PgQuery__OnConflictClause& clause) {
  if (!clause.infer || table.columns_unknown) return;
  const PgQuery__InferClause& infer = *clause.infer;
  if (*infer.conname) {
    if (table.constraint(infer.conname)) return;
    execution.fail("42704",
                   fmt::format("constraint \"{}\" for table \"{}\" does not exist", infer.conname, table.name));
  }
  if (infer.n_index_elems == 0 || has_arbiter(execution.catalog, table, infer)) return;
  execution.fail("42P10", "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

// ON CONFLICT (…) DO UPDATE plans with the table's indexes.
void lock_arbiters(Execution& execution, const Relation& table, const PgQuery__OnConflictClause& clause) {
  if (!clause.infer) return;
  const std::vector<ObjectId> indexes = table.indexes;
  for (const ObjectId index : indexes) execution.lock(index, LockMode::row_exclusive);
}

void check_conflict(QueryReader& reader, ObjectId table, const PgQuery__OnConflictClause& conflict) {
  Execution& execution = reader.execution;
  check_conflict_target(execution, *execution.catalog.relations.get(table), conflict);
  if (reader.until >= Until::planned) lock_arbiters(execution, *execution.catalog.relations.get(table), conflict);
  written_columns(execution, table, conflict.n_target_list, conflict.target_list);
  reader.expressions(conflict.n_target_list, conflict.target_list);
}

// With the partitions that the rows go to.
void add_rows(Execution& execution, const Relation& table, const InsertedRows& rows) {
  change_rows(execution, table.id, RowChange::insert);
  if (table.kind != RelationKind::partitioned_table) return;
  for (const ObjectId partition : partitions_of_rows(execution, table, rows)) {
    execution.lock(partition, LockMode::row_exclusive);
    change_rows(execution, partition, RowChange::insert);
  }
}

}  // namespace

void insert_rows(QueryReader& reader, const PgQuery__InsertStmt& statement) {
  Execution& execution = reader.execution;
  const std::size_t ctes = reader.with(statement.with_clause);
  const ObjectId named = execution.relation(qualified_name(*statement.relation)).id;
  std::vector<int> columns = written_columns(execution, named, statement.n_cols, statement.cols);
  if (statement.select_stmt) reader.query(*statement.select_stmt);
  reader.expressions(statement.n_returning_list, statement.returning_list);
  if (columns.empty()) columns = first_columns(reader, *execution.catalog.relations.get(named), statement);
  const ChangedRelation into =
      changed_relation(reader, named, RowChange::insert, columns, statement.n_returning_list > 0);
  if (into.relation) {
    const InsertedRows rows =
        read_rows(reader, *execution.catalog.relations.get(into.relation), into.columns, statement);
    if (reader.runs() && !rows.none) {
      draw_numbers(reader, *execution.catalog.relations.get(into.relation), into.columns);
      add_rows(execution, *execution.catalog.relations.get(into.relation), rows);
    }
    if (statement.on_conflict_clause) check_conflict(reader, into.relation, *statement.on_conflict_clause);
  }
  reader.forget(ctes);
}

}  // namespace martlet
