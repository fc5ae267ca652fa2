// A new partition takes its place (tablecmds.c, DefineRelation with a bound).
#include <fmt/format.h>

#include <algorithm>

#include "effects/alter_table/partition_bound.h"
#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"

namespace martlet {
namespace {

bool is_number(const Type* type) {
  return type && type->category == 'N';
}

std::string datum_text(const Catalog& catalog, const Relation& parent, std::size_t position, const Node& datum) {
  if (datum.node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
    // MINVALUE and MAXVALUE are column names to the grammar.
    const PgQuery__ColumnRef& reference = *datum.column_ref;
    const std::string_view word = string_value(reference.fields[reference.n_fields - 1]);
    if (word == "minvalue") return "MINVALUE";
    return word == "maxvalue" ? "MAXVALUE" : std::string(word);
  }
  const auto& keys = parent.partition.key_columns;
  const Column* column = position < keys.size() ? parent.column(keys[position]) : nullptr;
  const Type* type = column ? catalog.types.get(column->type.type) : nullptr;
  std::string text = deparse_expression(datum);
  const bool quoted = text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
  if (quoted && is_number(type)) return text.substr(1, text.size() - 2);
  if (!quoted && type && !is_number(type) && type->name != "bool" && text != "NULL") return "'" + text + "'";
  return text;
}

std::string datum_list(const Catalog& catalog, const Relation& parent, std::size_t count, Node* const* items,
                       bool same_column) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += datum_text(catalog, parent, same_column ? 0 : i, *items[i]);
  }
  return "(" + text + ")";
}

// The rows of the default partition that belong to the new one are looked for, unless constraints prove there are none.
void scan_default(Execution& execution, ObjectId partition, const Condition& condition) {
  const Relation& relation = *execution.catalog.relations.get(partition);
  if (proves(relation, condition)) return;
  if (relation.is_heap()) execution.scan(partition);
  for (const ObjectId child : relation.is_partitioned() ? relation.children : std::vector<ObjectId>()) {
    execution.lock(child, LockMode::access_exclusive);
    scan_default(execution, child, condition);
  }
}

void clone_foreign_keys(Execution& execution, ObjectId table, ObjectId parent) {
  const std::vector<Constraint> constraints = execution.catalog.relations.get(parent)->constraints;
  for (const Constraint& each : constraints) {
    if (each.kind != Constraint::Kind::foreign_key) continue;
    execution.lock(each.target, LockMode::share_row_exclusive);
    Constraint copy = each;
    copy.id = execution.catalog.next_id();
    copy.parent = each.id;
    copy.inherited = true;
    copy.local = false;
    copy.columns = same_columns(execution.catalog, parent, table, each.columns);
    execution.catalog.add_constraint(table, std::move(copy));
  }
}

void clone_triggers(Execution& execution, ObjectId table, ObjectId parent) {
  const std::vector<Trigger> triggers = execution.catalog.relations.get(parent)->triggers;
  for (const Trigger& each : triggers) {
    if (!each.row || each.internal) continue;
    Trigger copy = each;
    copy.id = execution.catalog.next_id();
    copy.parent = each.id;
    copy.columns = same_columns(execution.catalog, parent, table, each.columns);
    copy.reads = same_columns(execution.catalog, parent, table, each.reads);
    execution.catalog.relations.edit(table).triggers.push_back(std::move(copy));
  }
}

}  // namespace

std::string bound_text(const Catalog& catalog, const Relation& parent, const PgQuery__PartitionBoundSpec& bound) {
  if (bound.is_default) return "DEFAULT";
  if (bound.n_listdatums > 0) {
    return "FOR VALUES IN " + datum_list(catalog, parent, bound.n_listdatums, bound.listdatums, true);
  }
  if (bound.n_lowerdatums > 0 || bound.n_upperdatums > 0) {
    return "FOR VALUES FROM " + datum_list(catalog, parent, bound.n_lowerdatums, bound.lowerdatums, false) + " TO " +
           datum_list(catalog, parent, bound.n_upperdatums, bound.upperdatums, false);
  }
  return fmt::format("FOR VALUES WITH (modulus {}, remainder {})", bound.modulus, bound.remainder);
}

void become_partition(Execution& execution, ObjectId table, ObjectId parent, const PgQuery__PartitionBoundSpec& bound) {
  const Relation& partitioned = *execution.catalog.relations.get(parent);
  const ObjectId default_partition = partitioned.partition.default_partition;
  const PartitionBound rows = read_bound(execution.catalog, partitioned, bound);
  check_bound(execution, partitioned, execution.catalog.relations.get(table)->name, rows);
  if (default_partition) {
    execution.lock(default_partition, LockMode::access_exclusive);
    scan_default(execution, default_partition, opposite(bound_condition(execution.catalog, partitioned, rows)));
  }
  execution.catalog.attach(parent, table, bound_text(execution.catalog, partitioned, bound), bound.is_default != 0);
}

void clone_from_parent(Execution& execution, ObjectId table, ObjectId parent) {
  std::vector<ObjectId> indexes = execution.catalog.relations.get(parent)->indexes;
  std::ranges::sort(indexes);
  for (const ObjectId each : indexes) {
    execution.lock(each, LockMode::share_update_exclusive);
    IndexPlan plan = copy_of_index(execution, each, table);
    const Relation& index = *execution.catalog.relations.get(each);
    plan.definition.parent = each;
    plan.parent_constraint = index.index->constraint;
    make_index(execution, std::move(plan));
  }
  clone_references(execution, parent, table);
  clone_foreign_keys(execution, table, parent);
  clone_triggers(execution, table, parent);
}

}  // namespace martlet
