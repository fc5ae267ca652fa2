#include "effects/alter_table/dependents.h"

#include <algorithm>

#include "effects/expression.h"

namespace martlet {
namespace {

bool holds(const std::vector<int>& columns, int column) {
  return std::ranges::find(columns, column) != columns.end();
}

bool uses(const std::vector<ColumnUse>& all, ObjectId table, int column) {
  return std::ranges::any_of(all, [&](const ColumnUse& use) { return use.relation == table && use.column == column; });
}

void look_at_own(Execution& execution, const Relation& table, int column, ColumnDependents& found) {
  for (const ObjectId id : table.indexes) {
    const Relation* index = execution.catalog.relations.get(id);
    if (index && index->index && (holds(index->index->reads, column) || holds(index->index->included, column))) {
      found.indexes.push_back(id);
    }
  }
  for (const Constraint& each : table.constraints) {
    if (holds(each.columns, column)) found.constraints.push_back(each.id);
  }
  for (const Trigger& each : table.triggers) {
    if (holds(each.columns, column) || holds(each.reads, column)) found.triggers.push_back(each.id);
  }
  for (const Statistics& each : table.statistics) {
    if (holds(each.columns, column)) found.statistics.push_back(each.id);
  }
  for (const Column& each : table.columns) {
    if (!each.generated || each.number == column) continue;
    if (holds(expression_facts(execution, each.default_sql, &table).columns, column)) {
      found.generated.push_back(each.number);
    }
  }
}

void look_at_readers(const Catalog& catalog, const Relation& table, int column, ColumnDependents& found) {
  std::vector<ObjectId> readers = table.dependents;
  if (std::ranges::find(readers, table.id) == readers.end()) readers.push_back(table.id);
  for (const ObjectId id : readers) {
    const Relation* reader = catalog.relations.get(id);
    if (!reader) continue;
    if (reader->view && uses(reader->view->uses, table.id, column)) found.views.push_back(id);
    for (const Rule& each : reader->rules) {
      if (!reader->view && uses(each.uses, table.id, column)) found.rules.push_back({id, each.id});
    }
    for (const Policy& each : reader->policies) {
      if (uses(each.uses, table.id, column)) found.policies.push_back({id, each.id});
    }
  }
}

}  // namespace

ColumnDependents column_dependents(Execution& execution, ObjectId table, int column) {
  ColumnDependents found;
  const Catalog& catalog = execution.catalog;
  const Relation& relation = *catalog.relations.get(table);
  look_at_own(execution, relation, column, found);
  look_at_readers(catalog, relation, column, found);
  for (const ObjectId referrer : relation.referrers) {
    for (const Constraint& each : catalog.relations.get(referrer)->constraints) {
      if (each.target == table && holds(each.target_columns, column)) found.foreign_keys.push_back({referrer, each.id});
    }
  }
  catalog.functions.each_of_users([&](const Function& each) {
    if (uses(each.uses, table, column)) found.functions.push_back(each.id);
  });
  return found;
}

bool is_in_partition_key(Execution& execution, const Relation& table, int column) {
  if (holds(table.partition.key_columns, column)) return true;
  return std::ranges::any_of(table.partition.key_expressions, [&](const std::string& sql) {
    return !sql.empty() && holds(expression_facts(execution, sql, &table).columns, column);
  });
}

int parents_with_column(const Catalog& catalog, const Relation& table, std::string_view name) {
  std::vector<ObjectId> parents = table.inherits;
  if (table.partition.parent) parents.push_back(table.partition.parent);
  return static_cast<int>(std::ranges::count_if(parents, [&](ObjectId id) {
    const Relation* parent = catalog.relations.get(id);
    return parent && parent->column(name);
  }));
}

}  // namespace martlet
