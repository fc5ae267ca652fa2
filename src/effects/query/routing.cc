#include "effects/query/routing.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/alter_table/partition_bound.h"

namespace martlet {
namespace {

using Key = std::vector<PartitionBound::Value>;
using Row = std::map<std::string, const Node*>;

void add_once(std::vector<ObjectId>& all, ObjectId id) {
  if (std::ranges::find(all, id) == all.end()) all.push_back(id);
}

void add_all_below(const Catalog& catalog, const Relation& parent, std::vector<ObjectId>& all) {
  for (const ObjectId child : parent.children) {
    add_once(all, child);
    add_all_below(catalog, *catalog.relations.get(child), all);
  }
}

// nullopt: an expression, or a value that only the server knows.
std::optional<Key> key_of(const Relation& parent, const Row& row) {
  Key key;
  for (const int number : parent.partition.key_columns) {
    const Column* column = parent.column(number);
    if (!column) return std::nullopt;
    const auto at = row.find(column->name);
    if (at != row.end()) {
      key.push_back(read_bound_value(*at->second));
    } else if (column->default_sql.empty() && column->identity == Column::Identity::none) {
      key.push_back({.kind = PartitionBound::Value::Kind::null});
    } else {
      return std::nullopt;
    }
    if (!key.back().known) return std::nullopt;
  }
  return key;
}

// 0: it cannot be told.
ObjectId partition_of(const Execution& execution, const Relation& parent, const Row& row) {
  const std::optional<Key> key = key_of(parent, row);
  if (!key) return 0;
  for (const ObjectId child : parent.children) {
    const PartitionFacts& facts = execution.catalog.relations.get(child)->partition;
    if (facts.is_default) continue;
    const std::optional<bool> takes = takes_key(read_bound(execution.catalog, parent, facts.bound), *key);
    if (!takes) return 0;
    if (*takes) return child;
  }
  if (parent.partition.default_partition) return parent.partition.default_partition;
  execution.fail("23514", fmt::format("no partition of relation \"{}\" found for row", parent.name));
}

// False where it cannot be told.
bool follow(const Execution& execution, const Relation& parent, const Row& row, std::vector<ObjectId>& found) {
  const ObjectId partition = partition_of(execution, parent, row);
  if (!partition) return false;
  add_once(found, partition);
  const Relation& child = *execution.catalog.relations.get(partition);
  return child.kind != RelationKind::partitioned_table || follow(execution, child, row, found);
}

// The default partition comes last.
std::optional<std::vector<ObjectId>> in_order_of_bounds(const Catalog& catalog, const Relation& parent) {
  const auto bound_of = [&](ObjectId child) {
    return read_bound(catalog, parent, catalog.relations.get(child)->partition.bound);
  };
  std::vector<ObjectId> sorted;
  for (const ObjectId child : parent.children) {
    if (catalog.relations.get(child)->partition.is_default) continue;
    const PartitionBound bound = bound_of(child);
    auto at = sorted.begin();
    for (; at != sorted.end(); ++at) {
      const std::optional<int> order = compare_bounds(bound, bound_of(*at));
      if (!order) return std::nullopt;
      if (*order < 0) break;
    }
    sorted.insert(at, child);
  }
  if (parent.partition.default_partition) sorted.push_back(parent.partition.default_partition);
  return sorted;
}

// expand_partitioned_rtentry
bool add_partitions(const Catalog& catalog, const Relation& table, std::vector<ObjectId>& order) {
  if (table.kind != RelationKind::partitioned_table) {
    order.push_back(table.id);
    return true;
  }
  const std::optional<std::vector<ObjectId>> children = in_order_of_bounds(catalog, table);
  return children && std::ranges::all_of(*children, [&](ObjectId child) {
           return add_partitions(catalog, *catalog.relations.get(child), order);
         });
}

// find_all_inheritors
void add_heirs(const Catalog& catalog, const Relation& table, std::vector<ObjectId>& order) {
  order.push_back(table.id);
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::vector<ObjectId> children = catalog.relations.get(order[i])->children;
    std::ranges::sort(children);
    for (const ObjectId child : children) add_once(order, child);
  }
}

}  // namespace

std::vector<ObjectId> partitions_of_rows(Execution& execution, const Relation& parent, const InsertedRows& rows) {
  std::vector<ObjectId> found;
  const bool told = rows.known && std::ranges::all_of(
                                      rows.rows, [&](const Row& row) { return follow(execution, parent, row, found); });
  if (told) return found;
  found.clear();
  execution.assume(fmt::format("the rows go to every partition of {}", parent.name));
  add_all_below(execution.catalog, parent, found);
  return found;
}

std::optional<std::vector<ObjectId>> reading_order(const Catalog& catalog, const Relation& table) {
  std::vector<ObjectId> order;
  if (table.kind != RelationKind::partitioned_table) {
    add_heirs(catalog, table, order);
    return order;
  }
  if (!add_partitions(catalog, table, order)) return std::nullopt;
  return order;
}

}  // namespace martlet
