// What depends on each kind of object, and goes with it or keeps it.
#include <fmt/format.h>

#include <algorithm>

#include "effects/definition/deletion.h"

namespace martlet {
namespace {

bool contains(const std::vector<int>& numbers, int number) {
  return std::ranges::find(numbers, number) != numbers.end();
}

// Does a view, rule or policy use the relation (and the column, where one is meant)?
bool uses(const std::vector<ColumnUse>& all, ObjectId relation, int column) {
  return std::ranges::any_of(
      all, [&](const ColumnUse& use) { return use.relation == relation && (column == 0 || use.column == column); });
}

bool is_of(const Relation& relation, ObjectId constraint) {
  return std::ranges::count(relation.constraints, constraint, &Constraint::id) > 0;
}

// The copy that a partition has of its parent's key leaves the triggers on the other side to that.
bool has_triggers_on_target(const Relation& relation, const Constraint& key) {
  return key.target && (!key.parent || is_of(relation, key.parent));
}

Doomed column_of(const Relation& relation, int number) {
  return {Doomed::Kind::column, relation.id, static_cast<ObjectId>(number)};
}

}  // namespace

// The parent of a partition and its default partition; the targets of its foreign keys.
void Deletion::lock_around(const Relation& relation) {
  if (const Relation* parent = get(relation.partition.parent)) {
    lock(parent->id);
    if (parent->partition.default_partition) lock(parent->partition.default_partition);
  }
  for (const Constraint& each : relation.constraints) {
    if (has_triggers_on_target(relation, each)) lock(each.target);
  }
}

void Deletion::visit_index(const Relation& index) {
  lock(index.index->table);
  for (const ObjectId child : index.children) add({Doomed::Kind::relation, child, 0});
  if (const Relation* table = get(index.index->table)) visit_keys_to(*table, index.id);
}

void Deletion::visit_relation(const Relation& relation) {
  if (relation.index) return visit_index(relation);
  lock_around(relation);
  for (const ObjectId index : relation.indexes) lock(index);
  for (const Column& column : relation.columns) {
    if (column.owned_sequence) add({Doomed::Kind::relation, column.owned_sequence, 0});
  }
  for (const ObjectId child : relation.children) {
    const Doomed table{Doomed::Kind::relation, child, 0};
    relation.is_partitioned() ? add(table) : depends(table);
  }
  visit_keys_to(relation, 0);
  visit_readers(relation, 0);
  if (relation.kind == RelationKind::sequence) visit_users_of_sequence(relation);
  if (const Type* row = execution_.catalog.types.get(relation.row_type)) visit_columns_of_type(*row);
}

// Foreign keys of other tables that point to the relation, or need this index of it.
void Deletion::visit_keys_to(const Relation& relation, ObjectId index) {
  for (const ObjectId referrer : relation.referrers) {
    const Relation* other = get(referrer);
    if (!other || (referrer == relation.id && index == 0)) continue;
    for (const Constraint& each : other->constraints) {
      if (each.target != relation.id || (index != 0 && each.index != index)) continue;
      depends({Doomed::Kind::constraint, referrer, each.id});
    }
  }
}

// Views, rules and policies that read the relation, or this column of it.
void Deletion::visit_readers(const Relation& relation, int column) {
  for (const ObjectId reader : relation.dependents) {
    const Relation* dependent = get(reader);
    if (!dependent) continue;
    if (dependent->view && uses(dependent->view->uses, relation.id, column)) {
      depends({Doomed::Kind::relation, reader, 0});
      continue;
    }
    for (const Rule& rule : dependent->rules) {
      const bool goes_with_it = reader == relation.id && column == 0;
      if (!goes_with_it && uses(rule.uses, relation.id, column)) depends({Doomed::Kind::rule, reader, rule.id});
    }
    for (const Policy& policy : dependent->policies) {
      if (reader != relation.id && uses(policy.uses, relation.id, column)) {
        depends({Doomed::Kind::policy, reader, policy.id});
      }
    }
  }
  for (const Policy& policy : relation.policies) {
    if (column != 0 && uses(policy.uses, relation.id, column)) {
      depends({Doomed::Kind::policy, relation.id, policy.id});
    }
  }
}

// The column that owns it, and its default that calls nextval().
void Deletion::visit_users_of_sequence(const Relation& sequence) {
  const Relation* owner = get(sequence.owned_by.relation);
  const Column* column = owner ? owner->column(sequence.owned_by.column) : nullptr;
  if (!column || doomed_.contains({Doomed::Kind::relation, owner->id, 0})) return;
  if (doomed_.contains(column_of(*owner, column->number))) return;
  if (column->identity != Column::Identity::none) {
    execution_.fail("2BP01", fmt::format("cannot drop sequence {} because column {} of table {} requires it",
                                         sequence.name, column->name, owner->name));
  }
  if (!column->default_sql.empty()) {
    depends({Doomed::Kind::default_value, owner->id, static_cast<ObjectId>(column->number)});
  }
}

void Deletion::visit_column(const Relation& relation, int number) {
  for (const ObjectId id : relation.indexes) {
    const IndexDefinition& index = *get(id)->index;
    if (index.constraint || (!contains(index.reads, number) && !contains(index.included, number))) continue;
    add({Doomed::Kind::relation, id, 0});
  }
  for (const Constraint& each : relation.constraints) {
    if (contains(each.columns, number)) add({Doomed::Kind::constraint, relation.id, each.id});
  }
  for (const Statistics& each : relation.statistics) {
    if (contains(each.columns, number)) add({Doomed::Kind::statistics, relation.id, each.id});
  }
  for (const Trigger& each : relation.triggers) {
    if (!contains(each.columns, number) && !contains(each.reads, number)) continue;
    depends({Doomed::Kind::trigger, relation.id, each.id});
  }
  const Column* column = relation.column(number);
  if (column && column->owned_sequence) add({Doomed::Kind::relation, column->owned_sequence, 0});
  visit_readers(relation, number);
}

// What a partitioned table on either side has added to it; and where it is itself added for the other side, all of it.
void Deletion::visit_foreign_key(const Relation& relation, const Constraint& key) {
  if (has_triggers_on_target(relation, key)) lock(key.target);
  const auto add_copies = [&](const Relation& holder) {
    for (const Constraint& each : holder.constraints) {
      if (each.parent == key.id) add({Doomed::Kind::constraint, holder.id, each.id});
    }
  };
  add_copies(relation);
  for (const ObjectId child : relation.children) add_copies(*get(child));
  if (key.parent && is_of(relation, key.parent)) {
    add({Doomed::Kind::constraint, relation.id, key.parent});
  }
}

void Deletion::visit_constraint(const Relation& relation, ObjectId id) {
  const auto constraint = std::ranges::find(relation.constraints, id, &Constraint::id);
  if (constraint == relation.constraints.end()) return;
  if (constraint->target) return visit_foreign_key(relation, *constraint);
  if (!constraint->index) return;
  lock(constraint->index);
  visit_keys_to(relation, constraint->index);
}

// The copies that partitions have of it.
void Deletion::visit_trigger(const Relation& relation, ObjectId trigger) {
  for (const ObjectId child : relation.children) {
    for (const Trigger& each : get(child)->triggers) {
      if (each.parent == trigger) add({Doomed::Kind::trigger, child, each.id});
    }
  }
}

void Deletion::visit_columns_of_type(const Type& type) {
  execution_.catalog.relations.each_of_users([&](const Relation& relation) {
    for (const Column& column : relation.columns) {
      const bool is_array = type.array != 0 && column.type.type == type.array;
      if (column.type.type == type.id || is_array) depends(column_of(relation, column.number));
    }
  });
}

void Deletion::visit_type(const Type& type) {
  if (type.relation) lock(type.relation);
  visit_columns_of_type(type);
  execution_.catalog.relations.each_of_users([&](const Relation& table) {
    if (table.of_type == type.id) depends({Doomed::Kind::relation, table.id, 0});
  });
  execution_.catalog.types.each_of_users([&](const Type& other) {
    const bool is_domain_of_it = other.kind == Type::Kind::domain && other.base.type == type.id;
    const bool is_range_of_it = other.kind == Type::Kind::range && other.subtype == type.id;
    if (is_domain_of_it || is_range_of_it) depends({Doomed::Kind::type, other.id, 0});
  });
  execution_.catalog.functions.each_of_users([&](const Function& function) {
    if (function.from_extension && type.from_extension) return;
    const auto is_it = [&](ObjectId each) { return each == type.id || (type.array != 0 && each == type.array); };
    if (is_it(function.returns) || std::ranges::any_of(function.arguments, is_it)) {
      depends({Doomed::Kind::function, function.id, 0});
    }
  });
}

// The catalog tells only that some part of the relation calls the function; the texts tell which.
void Deletion::visit_callers(const Relation& relation, const Function& function) {
  const auto calls = [&](const std::string& sql) { return sql.find(function.name + "(") != std::string::npos; };
  if (relation.view || relation.index) return depends({Doomed::Kind::relation, relation.id, 0});
  for (const Column& column : relation.columns) {
    if (!calls(column.default_sql)) continue;
    const Doomed::Kind kind = column.generated ? Doomed::Kind::column : Doomed::Kind::default_value;
    depends({kind, relation.id, static_cast<ObjectId>(column.number)});
  }
  for (const Constraint& each : relation.constraints) {
    if (calls(each.expression)) depends({Doomed::Kind::constraint, relation.id, each.id});
  }
  for (const Policy& each : relation.policies) {
    if (calls(each.using_sql) || calls(each.check_sql)) depends({Doomed::Kind::policy, relation.id, each.id});
  }
  for (const Rule& each : relation.rules) {
    if (calls(each.definition)) depends({Doomed::Kind::rule, relation.id, each.id});
  }
}

void Deletion::visit_function(const Function& function) {
  execution_.catalog.relations.each_of_users([&](const Relation& relation) {
    for (const Trigger& each : relation.triggers) {
      if (each.function == function.id) depends({Doomed::Kind::trigger, relation.id, each.id});
    }
    if (std::ranges::find(relation.calls, function.id) != relation.calls.end()) visit_callers(relation, function);
  });
}

void Deletion::visit_schema(const Schema& schema) {
  const Catalog& catalog = execution_.catalog;
  const auto depends_where_inside = [&](Doomed::Kind kind) {
    return [this, kind, &schema](const auto& each) {
      if (each.schema == schema.name) depends({kind, each.id, 0});
    };
  };
  catalog.relations.each_of_users(depends_where_inside(Doomed::Kind::relation));
  catalog.functions.each_of_users(depends_where_inside(Doomed::Kind::function));
  catalog.others.each_of_users(depends_where_inside(Doomed::Kind::other));
  catalog.types.each_of_users([&](const Type& each) {
    const bool goes_with_another =
        each.element != 0 || each.kind == Type::Kind::composite || each.kind == Type::Kind::multirange;
    if (each.schema == schema.name && !goes_with_another) depends({Doomed::Kind::type, each.id, 0});
  });
}

}  // namespace martlet
