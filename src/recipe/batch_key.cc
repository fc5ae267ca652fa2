#include "recipe/batch_key.h"

#include <algorithm>

#include "effects/coercion.h"
#include "sql/statement.h"

namespace martlet {
namespace {

// What `ORDER BY a, b` and `(a, b) > (…)` can use: anything else would sort the table for every batch.
bool is_in_plain_order(const Relation& table, const IndexKey& key) {
  const Column* column = table.column(key.column);
  return column && column->not_null && !key.descending && !key.nulls_first && key.opclass.empty() &&
         key.collation.empty();
}

std::vector<int> columns_of(const Relation& table, const IndexDefinition& index) {
  const bool usable =
      index.unique && index.valid && index.predicate.empty() && index.method == "btree" &&
      std::ranges::all_of(index.keys, [&](const IndexKey& key) { return is_in_plain_order(table, key); });
  std::vector<int> columns;
  if (!usable) return columns;
  for (const IndexKey& key : index.keys) columns.push_back(key.column);
  return columns;
}

std::vector<std::string> names_of(const Relation& table, const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int number : columns) names.push_back(table.column(number)->name);
  return names;
}

}  // namespace

std::optional<std::vector<int>> batch_key(const Operation& operation, const Relation& table,
                                          const std::vector<std::string>& wanted) {
  if (!table.is_partitioned() && !table.children.empty()) return std::nullopt;
  std::optional<std::vector<int>> best;
  for (const ObjectId id : table.indexes) {
    const Relation* relation = operation.before.relation(id);
    if (!relation) relation = operation.catalog.relations.get(id);
    if (!relation || !relation->index) continue;
    const std::vector<int> columns = columns_of(table, *relation->index);
    if (columns.empty()) continue;
    if (!wanted.empty() && names_of(table, columns) != wanted) continue;
    if (!best || relation->index->primary) best = columns;
  }
  return best;
}

std::vector<BatchChange::Key> key_columns(const Operation& operation, const Relation& table,
                                          const std::vector<int>& columns) {
  std::vector<BatchChange::Key> key;
  for (const int number : columns) {
    const Column& column = *table.column(number);
    const std::string type = column.type.type ? type_text(operation.catalog, column.type) : "";
    if (type.empty()) return {};
    key.push_back({quote_where_needed(column.name), type});
  }
  return key;
}

}  // namespace martlet
