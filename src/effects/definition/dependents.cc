// What goes with a relation when it is dropped, and what keeps it from being dropped (dependency.c,
// performMultipleDeletions; tablecmds.c, RemoveRelations).
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "effects/definition.h"

namespace martlet {
namespace {

class Deletion {
 public:
  Deletion(Execution& execution, DropBehavior behavior) : execution_(execution), behavior_(behavior) {}

  void add(ObjectId relation) {
    if (doomed_.insert(relation).second) order_.push_back(relation);
  }

  void run() {
    // What is found to depend joins the list while it is gone through.
    for (std::size_t i = 0; i < order_.size(); ++i) visit(order_[i]);
    refuse_where_needed();
    for (const auto& [table, constraint] : constraints_) execution_.catalog.drop_constraint(table, constraint);
    for (const auto& [relation, column] : defaults_) drop_default(relation, column);
    for (const auto& [relation, rule] : rules_) {
      std::erase_if(execution_.catalog.relations.edit(relation).rules,
                    [&](const Rule& each) { return each.id == rule; });
    }
    for (const ObjectId each : order_) execution_.catalog.drop_relation(each);
  }

 private:
  const Relation* get(ObjectId id) const { return execution_.catalog.relations.get(id); }

  void visit(ObjectId id) {
    const Relation* relation = get(id);
    if (!relation) return;
    const LockMode all = LockMode::access_exclusive;
    execution_.lock(id, all);
    lock_around(*relation);
    for (const ObjectId index : relation->indexes) execution_.lock(index, all);
    for (const Column& column : relation->columns) {
      if (column.owned_sequence) add(column.owned_sequence);
    }
    visit_children(*relation);
    visit_keys(*relation);
    visit_readers(*relation);
    if (relation->kind == RelationKind::sequence) visit_users_of_sequence(*relation);
  }

  // The parent of a partition and its default partition; the targets of its foreign keys.
  void lock_around(const Relation& relation) {
    if (relation.index) execution_.lock(relation.index->table, LockMode::access_exclusive);
    if (const Relation* parent = get(relation.partition.parent)) {
      execution_.lock(parent->id, LockMode::access_exclusive);
      if (parent->partition.default_partition) {
        execution_.lock(parent->partition.default_partition, LockMode::access_exclusive);
      }
    }
    for (const Constraint& each : relation.constraints) {
      if (each.target) execution_.lock(each.target, LockMode::access_exclusive);
    }
  }

  void visit_children(const Relation& relation) {
    const bool goes_by_itself = relation.is_partitioned();
    for (const ObjectId child : relation.children) {
      if (goes_by_itself) {
        add(child);
      } else {
        depends(child, relation, "table");
      }
    }
  }

  void visit_keys(const Relation& relation) {
    for (const ObjectId referrer : relation.referrers) {
      if (referrer == relation.id) continue;
      for (const Constraint& each : get(referrer)->constraints) {
        if (each.target != relation.id) continue;
        constraints_.emplace_back(referrer, each.id);
        needs_cascade(referrer, relation, fmt::format("constraint {} on table {}", each.name, get(referrer)->name));
        execution_.lock(referrer, LockMode::access_exclusive);
      }
    }
  }

  void visit_readers(const Relation& relation) {
    for (const ObjectId reader : relation.dependents) {
      const Relation* dependent = get(reader);
      if (!dependent) continue;
      const auto reads = [&](const ColumnUse& use) { return use.relation == relation.id; };
      if (dependent->view && std::ranges::any_of(dependent->view->uses, reads)) {
        depends(reader, relation, dependent->kind == RelationKind::view ? "view" : "materialized view");
        continue;
      }
      for (const Rule& rule : dependent->rules) {
        if (reader == relation.id || !std::ranges::any_of(rule.uses, reads)) continue;
        rules_.emplace_back(reader, rule.id);
        needs_cascade(reader, relation, fmt::format("rule {} on table {}", rule.name, dependent->name));
        execution_.lock(reader, LockMode::access_exclusive);
      }
    }
  }

  // Defaults that call nextval() of a sequence that is not the column's own.
  void visit_users_of_sequence(const Relation& sequence) {
    const Relation* owner = get(sequence.owned_by.relation);
    if (!owner) return;
    const Column* column = owner->column(sequence.owned_by.column);
    if (!column || doomed_.contains(owner->id)) return;
    if (column->identity != Column::Identity::none) {
      execution_.fail("2BP01", fmt::format("cannot drop sequence {} because column {} of table {} requires it",
                                           sequence.name, column->name, owner->name));
    }
    if (column->default_sql.empty()) return;
    defaults_.emplace_back(owner->id, column->number);
    needs_cascade(owner->id, sequence,
                  fmt::format("default value for column {} of table {}", column->name, owner->name));
    execution_.lock(owner->id, LockMode::access_exclusive);
  }

  void depends(ObjectId dependent, const Relation& on, std::string_view what) {
    needs_cascade(dependent, on, fmt::format("{} {}", what, get(dependent)->name));
    if (behavior_ == DropBehavior::cascade) add(dependent);
  }

  void needs_cascade(ObjectId dependent, const Relation& on, std::string text) {
    if (behavior_ == DropBehavior::restrict) blockers_.push_back({dependent, on.id, std::move(text)});
  }

  // Without CASCADE only what was asked for, and what goes by itself, may go.
  void refuse_where_needed() const {
    for (const Blocker& each : blockers_) {
      if (doomed_.contains(each.dependent)) continue;
      const Relation& on = *get(each.on);
      const std::string what = fmt::format("{} {}", kind_word(on.kind), on.name);
      if (doomed_.size() == 1) {
        execution_.fail("2BP01", fmt::format("cannot drop {} because other objects depend on it", what));
      }
      execution_.fail("2BP01", "cannot drop desired object(s) because other objects depend on them");
    }
  }

  void drop_default(ObjectId relation, int number) {
    Column* column = execution_.catalog.relations.edit(relation).column(number);
    column->default_sql.clear();
    column->default_volatility = Volatility::immutable;
  }

  struct Blocker {
    ObjectId dependent, on;
    std::string text;
  };

  Execution& execution_;
  DropBehavior behavior_;
  std::unordered_set<ObjectId> doomed_;
  std::vector<ObjectId> order_;
  std::vector<Blocker> blockers_;
  std::vector<std::pair<ObjectId, ObjectId>> constraints_, rules_;
  std::vector<std::pair<ObjectId, int>> defaults_;
};

}  // namespace

void drop_with_dependents(Execution& execution, const std::vector<ObjectId>& relations, DropBehavior behavior) {
  Deletion deletion(execution, behavior);
  for (const ObjectId each : relations) deletion.add(each);
  deletion.run();
}

void drop_with_dependents(Execution& execution, ObjectId relation, DropBehavior behavior) {
  drop_with_dependents(execution, std::vector{relation}, behavior);
}

}  // namespace martlet
