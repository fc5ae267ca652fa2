// Indexes, and what building one does (indexcmds.c, DefineIndex).
#include <fmt/format.h>

#include <algorithm>

#include "effects/definition/parts.h"
#include "effects/expression.h"

namespace martlet {
namespace {

std::string_view name_suffix(const IndexPlan& plan) {
  if (plan.definition.primary) return "pkey";
  if (plan.definition.exclusion) return "excl";
  return plan.is_constraint ? "key" : "idx";
}

std::string index_name(const Execution& execution, const IndexPlan& plan, const Relation& table) {
  if (!plan.name.empty()) return plan.name;
  return choose_name(execution.catalog, table.schema, table.name,
                     plan.definition.primary ? "" : joined_names(plan.column_names), name_suffix(plan));
}

// A unique index of a partitioned table has to have the partition key among its columns.
void require_partition_key(const Execution& execution, const IndexPlan& plan, const Relation& table) {
  if (!plan.definition.unique || !table.is_partitioned()) return;
  const std::string what = plan.definition.primary ? "PRIMARY KEY" : plan.is_constraint ? "UNIQUE" : "unique";
  for (const int key : table.partition.key_columns) {
    if (key == 0) {
      execution.fail("0A000", fmt::format("unsupported {} constraint with partition key definition",
                                          plan.definition.primary ? "PRIMARY KEY" : "UNIQUE"));
    }
    if (std::ranges::count(plan.definition.keys, key, &IndexKey::column) > 0) continue;
    execution.fail("0A000", "unique constraint on partitioned table must include all partitioning columns");
  }
}

bool same_keys(const Relation& one_table, const IndexDefinition& one, const Relation& other_table,
               const IndexDefinition& other) {
  const auto name = [](const Relation& table, int number) -> std::string_view {
    const Column* column = table.column(number);
    return column ? std::string_view(column->name) : "";
  };
  const auto same_key = [&](const IndexKey& a, const IndexKey& b) {
    return (a.column == 0) == (b.column == 0) && name(one_table, a.column) == name(other_table, b.column) &&
           a.expression == b.expression && a.opclass == b.opclass && a.collation == b.collation;
  };
  const auto same_column = [&](int a, int b) { return name(one_table, a) == name(other_table, b); };
  return std::ranges::equal(one.keys, other.keys, same_key) &&
         std::ranges::equal(one.included, other.included, same_column);
}

// CompareIndexInfo: may this index of a partition stand for the parent's?
bool matches(const IndexPlan& plan, const Relation& table, const Relation& partition, const Relation& candidate) {
  const IndexDefinition& index = *candidate.index;
  if (index.parent || index.method != plan.definition.method || index.unique != plan.definition.unique) return false;
  if (index.exclusion || plan.definition.exclusion || index.predicate != plan.definition.predicate) return false;
  if (plan.is_constraint && (index.constraint == 0 || index.primary != plan.definition.primary)) return false;
  return same_keys(table, plan.definition, partition, index);
}

IndexPlan plan_for_partition(const Catalog& catalog, const IndexPlan& plan, ObjectId partition, ObjectId index,
                             ObjectId constraint) {
  IndexPlan copy = plan;
  copy.table = partition;
  copy.name.clear();
  copy.definition.parent = index;
  copy.parent_constraint = constraint;
  for (IndexKey& key : copy.definition.keys) {
    if (key.column) key.column = same_columns(catalog, plan.table, partition, {key.column})[0];
  }
  copy.definition.included = same_columns(catalog, plan.table, partition, plan.definition.included);
  copy.definition.reads = same_columns(catalog, plan.table, partition, plan.definition.reads);
  return copy;
}

void attach_existing(Execution& execution, const Relation& candidate, ObjectId parent_index, ObjectId constraint) {
  const ObjectId id = candidate.id;
  const ObjectId own_constraint = candidate.index->constraint;
  const ObjectId table = candidate.index->table;
  execution.catalog.relations.edit(id).index->parent = parent_index;
  execution.catalog.relations.edit(parent_index).children.push_back(id);
  if (!constraint) return;
  for (Constraint& each : execution.catalog.relations.edit(table).constraints) {
    if (each.id == own_constraint) each.parent = constraint, each.inherited = true, each.local = false;
  }
}

void index_partition(Execution& execution, const IndexPlan& plan, const Relation& table, ObjectId child, ObjectId index,
                     ObjectId constraint) {
  execution.lock(child, LockMode::share);
  const Relation& partition = *execution.catalog.relations.get(child);
  if (partition.kind == RelationKind::foreign_table) {
    if (!plan.definition.unique) return;
    execution.fail("42809", fmt::format("cannot create unique index on partitioned table \"{}\"", table.name));
  }
  const std::vector<ObjectId> indexes = partition.indexes;
  for (const ObjectId each : indexes) {
    const Relation& candidate = *execution.catalog.relations.get(each);
    if (!candidate.index) continue;
    if (!matches(plan, table, partition, candidate)) continue;
    execution.lock(each, LockMode::share);
    return attach_existing(execution, candidate, index, constraint);
  }
  make_index(execution, plan_for_partition(execution.catalog, plan, child, index, constraint));
}

void require_free_name(const Execution& execution, const Relation& table, const std::string& name) {
  if (execution.catalog.relations.find(table.schema, name)) {
    execution.fail("42P07", fmt::format("relation \"{}\" already exists", name));
  }
}

Constraint constraint_of(Execution& execution, const IndexPlan& plan, const Relation& index) {
  Constraint constraint{.id = execution.catalog.next_id(),
                        .name = index.name,
                        .kind = plan.constraint,
                        .deferrable = plan.deferrable,
                        .initially_deferred = plan.initially_deferred,
                        .inherited = plan.parent_constraint != 0,
                        .local = plan.parent_constraint == 0,
                        .index = index.id,
                        .parent = plan.parent_constraint,
                        .operators = plan.operators};
  for (const IndexKey& key : plan.definition.keys) constraint.columns.push_back(key.column);
  return constraint;
}

// validatePartitionedIndex: it is valid when each partition has a valid one.
void validate_if_complete(Execution& execution, ObjectId id) {
  const Catalog& catalog = execution.catalog;
  const Relation& index = *catalog.relations.get(id);
  if (index.index->valid || index.children.size() != catalog.relations.get(index.index->table)->children.size()) return;
  const auto is_valid = [&](ObjectId child) { return catalog.relations.get(child)->index->valid; };
  if (!std::ranges::all_of(index.children, is_valid)) return;
  execution.catalog.relations.edit(id).index->valid = true;
  if (index.index->parent) validate_if_complete(execution, index.index->parent);
}

}  // namespace

IndexPlan copy_of_index(Execution& execution, ObjectId index, ObjectId table) {
  const Relation& original = *execution.catalog.relations.get(index);
  const ObjectId from = original.index->table;
  IndexPlan plan{
      .table = table, .definition = *original.index, .options = original.options, .tablespace = original.tablespace};
  IndexDefinition& copy = plan.definition;
  copy.parent = copy.constraint = 0;
  copy.clustered = copy.replica_identity = false;
  copy.valid = true;
  const Relation& source = *execution.catalog.relations.get(from);
  for (IndexKey& key : copy.keys) {
    if (key.column == 0) {
      add_column_name(plan, key.expression.substr(0, key.expression.find('(')));
      continue;
    }
    add_column_name(plan, source.column(key.column)->name);
    key.column = same_columns(execution.catalog, from, table, {key.column})[0];
  }
  for (const int number : copy.included) add_column_name(plan, source.column(number)->name);
  copy.included = same_columns(execution.catalog, from, table, copy.included);
  copy.reads = same_columns(execution.catalog, from, table, copy.reads);
  const auto at = std::ranges::find(source.constraints, original.index->constraint, &Constraint::id);
  if (original.index->constraint && at != source.constraints.end()) {
    plan.is_constraint = true;
    plan.constraint = at->kind;
    plan.operators = at->operators;
    plan.deferrable = at->deferrable;
    plan.initially_deferred = at->initially_deferred;
  }
  return plan;
}

ObjectId make_index(Execution& execution, IndexPlan plan) {
  const Relation& table = *execution.catalog.relations.get(plan.table);
  const bool partitioned = table.is_partitioned();
  require_partition_key(execution, plan, table);
  Relation index{.id = execution.catalog.next_id(),
                 .schema = table.schema,
                 .name = index_name(execution, plan, table),
                 .kind = partitioned ? RelationKind::partitioned_index : RelationKind::index,
                 .persistence = table.persistence,
                 .owner = table.owner,
                 .tablespace = stored_tablespace(plan.tablespace),
                 .access_method = plan.definition.method,
                 .options = plan.options};
  require_free_name(execution, table, index.name);
  if (plan.is_constraint) require_free_constraint_name(execution, table, index.name);
  if (plan.deferrable) execution.lock(plan.table, LockMode::share_row_exclusive);  // of its trigger
  const std::vector<ObjectId> children = partitioned ? table.children : std::vector<ObjectId>();
  plan.definition.table = plan.table;
  plan.definition.valid = plan.recurse || children.empty();
  const ObjectId id = index.id;
  ObjectId constraint_id = 0;
  if (plan.is_constraint) {
    Constraint constraint = constraint_of(execution, plan, index);
    constraint_id = plan.definition.constraint = constraint.id;
    execution.catalog.add_constraint(plan.table, std::move(constraint));
  }
  index.index = plan.definition;
  execution.catalog.add_relation(std::move(index));
  if (execution.catalog.relations.get(plan.table)->is_heap()) execution.scan(plan.table);
  if (!plan.recurse) return id;
  for (const ObjectId child : children) {
    const Relation parent = *execution.catalog.relations.get(plan.table);
    index_partition(execution, plan, parent, child, id, constraint_id);
  }
  return id;
}

void take_over_index(Execution& execution, ObjectId parent_index, ObjectId partition) {
  const Relation index = *execution.catalog.relations.get(parent_index);
  const Relation parent = *execution.catalog.relations.get(index.index->table);
  const IndexPlan plan = copy_of_index(execution, parent_index, parent.id);
  const Relation& child = *execution.catalog.relations.get(partition);
  if (child.kind == RelationKind::foreign_table) {
    if (!plan.definition.unique) return;
    execution.fail("42809", fmt::format("cannot attach foreign table \"{}\" as partition of partitioned table \"{}\"",
                                        child.name, parent.name));
  }
  const std::vector<ObjectId> indexes = child.indexes;
  for (const ObjectId each : indexes) {
    const Relation& candidate = *execution.catalog.relations.get(each);
    if (!candidate.index || !matches(plan, parent, child, candidate)) continue;
    return attach_existing(execution, candidate, parent_index, index.index->constraint);
  }
  make_index(execution, plan_for_partition(execution.catalog, plan, partition, parent_index, index.index->constraint));
}

void complete_index(Execution& execution, ObjectId id) {
  const IndexPlan plan = copy_of_index(execution, id, execution.catalog.relations.get(id)->index->table);
  const std::vector<ObjectId> partitions = execution.catalog.relations.get(plan.table)->children;
  for (const ObjectId partition : partitions) {
    const Relation& index = *execution.catalog.relations.get(id);
    const bool has_one = std::ranges::any_of(index.children, [&](ObjectId child) {
      return execution.catalog.relations.get(child)->index->table == partition;
    });
    if (has_one || execution.catalog.relations.get(partition)->kind == RelationKind::foreign_table) continue;
    make_index(execution, plan_for_partition(execution.catalog, plan, partition, id, index.index->constraint));
  }
  execution.catalog.relations.edit(id).index->valid = true;
}

bool attach_index_of_partition(Execution& execution, ObjectId parent_index, ObjectId index) {
  const Relation above = *execution.catalog.relations.get(parent_index);
  const Relation parent = *execution.catalog.relations.get(above.index->table);
  const Relation& candidate = *execution.catalog.relations.get(index);
  const Relation& partition = *execution.catalog.relations.get(candidate.index->table);
  const IndexPlan plan = copy_of_index(execution, parent_index, parent.id);
  if (!matches(plan, parent, partition, candidate)) return false;
  attach_existing(execution, candidate, parent_index, above.index->constraint);
  validate_if_complete(execution, parent_index);
  return true;
}

}  // namespace martlet
