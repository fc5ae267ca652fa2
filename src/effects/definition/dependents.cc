// What depends on a relation and its parts, and goes with it or keeps it.
#include <fmt/format.h>

#include <algorithm>

#include "effects/definition/deletion.h"
#include "effects/definition/serial.h"
#include "effects/expression.h"
#include "effects/lookup.h"

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
  for (const ObjectId sequence : relation.sequences) add({Doomed::Kind::relation, sequence, 0});
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
  execution_.catalog.functions.each_of_users([&](const Function& each) {
    if (uses(each.uses, relation.id, column)) depends({Doomed::Kind::function, each.id, 0});
  });
  for (const Policy& policy : relation.policies) {
    if (column != 0 && uses(policy.uses, relation.id, column)) {
      depends({Doomed::Kind::policy, relation.id, policy.id});
    }
  }
}

// The identity column that owns it, and the defaults that call nextval().
void Deletion::visit_users_of_sequence(const Relation& sequence) {
  const auto goes_itself = [&](const Relation& table, const Column& column) {
    return doomed_.contains({Doomed::Kind::relation, table.id, 0}) || doomed_.contains(column_of(table, column.number));
  };
  const Relation* owner = get(sequence.owned_by.relation);
  const Column* owning = owner ? owner->column(sequence.owned_by.column) : nullptr;
  if (owning && owning->identity != Column::Identity::none && !goes_itself(*owner, *owning)) {
    execution_.fail("2BP01", fmt::format("cannot drop sequence {} because column {} of table {} requires it",
                                         sequence.name, owning->name, owner->name));
  }
  execution_.catalog.relations.each_of_users([&](const Relation& table) {
    for (const Column& column : table.columns) {
      const bool draws = column.owned_sequence == sequence.id || draws_from(execution_, column.default_sql, sequence);
      if (!draws || column.identity != Column::Identity::none || goes_itself(table, column)) continue;
      depends({Doomed::Kind::default_value, table.id, static_cast<ObjectId>(column.number)});
    }
  });
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
  for (const ObjectId sequence : relation.sequences) {
    if (get(sequence)->owned_by.column == number) add({Doomed::Kind::relation, sequence, 0});
  }
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

// With the copies of partitions, and its constraint where it is one.
void Deletion::visit_trigger(const Relation& relation, ObjectId trigger) {
  for (const Trigger& each : relation.triggers) {
    if (each.id == trigger && each.constraint) add({Doomed::Kind::constraint, relation.id, each.constraint});
  }
  for (const ObjectId child : relation.children) {
    for (const Trigger& each : get(child)->triggers) {
      if (each.parent == trigger) add({Doomed::Kind::trigger, child, each.id});
    }
  }
}

}  // namespace martlet
