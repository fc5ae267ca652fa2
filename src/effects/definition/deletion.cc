#include "effects/definition/deletion.h"

#include <fmt/format.h>

#include <algorithm>

namespace martlet {

void Deletion::add(const Doomed& object) {
  if (doomed_.insert(object).second) order_.push_back(object);
}

void Deletion::run() {
  asked_ = order_.size();
  // What is found to depend joins the list while it is gone through.
  for (std::size_t i = 0; i < order_.size(); ++i) visit(Doomed(order_[i]));
  refuse_where_needed();
  for (auto at = order_.rbegin(); at != order_.rend(); ++at) remove(*at);
}

void Deletion::depends(const Doomed& dependent) {
  if (behavior_ == DropBehavior::cascade) return add(dependent);
  blockers_.push_back(dependent);
}

void Deletion::refuse_where_needed() const {
  for (const Doomed& each : blockers_) {
    const bool goes_with_its_relation = each.part != 0 && doomed_.contains({Doomed::Kind::relation, each.id, 0});
    if (doomed_.contains(each) || goes_with_its_relation) continue;
    if (asked_ > 1) {
      execution_.fail("2BP01", "cannot drop desired object(s) because other objects depend on them");
    }
    execution_.fail("2BP01",
                    fmt::format("cannot drop {} because other objects depend on it", description(order_.front())));
  }
}

std::string Deletion::description(const Doomed& object) const {
  const Catalog& catalog = execution_.catalog;
  switch (object.kind) {
    case Doomed::Kind::type:
      return fmt::format("type {}", catalog.types.get(object.id)->name);
    case Doomed::Kind::function:
      return fmt::format("function {}", catalog.functions.get(object.id)->name);
    case Doomed::Kind::schema:
      return fmt::format("schema {}", catalog.schemas.get(object.id)->name);
    case Doomed::Kind::other: {
      const OtherObject& other = *catalog.others.get(object.id);
      return fmt::format("{} {}", other.kind, other.name);
    }
    case Doomed::Kind::operator_class:
      return fmt::format("operator class {}", catalog.operator_classes.get(object.id)->name);
    case Doomed::Kind::extension:
      return fmt::format("extension {}", catalog.extensions.get(object.id)->name);
    default: {
      const Relation& relation = *get(object.id);
      return fmt::format("{} {}", kind_word(relation.kind), relation.name);
    }
  }
}

void Deletion::visit(const Doomed& object) {
  const Catalog& catalog = execution_.catalog;
  if (object.kind == Doomed::Kind::type) {
    if (const Type* type = catalog.types.get(object.id)) visit_type(*type);
  } else if (object.kind == Doomed::Kind::function) {
    if (const Function* function = catalog.functions.get(object.id)) visit_function(*function);
  } else if (object.kind == Doomed::Kind::schema) {
    if (const Schema* schema = catalog.schemas.get(object.id)) visit_schema(*schema);
  } else if (object.kind == Doomed::Kind::operator_class) {
    if (const OperatorClass* of = catalog.operator_classes.get(object.id)) visit_operator_class(*of);
  } else if (object.kind == Doomed::Kind::extension) {
    visit_extension(object.id);
  } else if (object.kind == Doomed::Kind::other) {
    if (const OtherObject* other = catalog.others.get(object.id)) visit_other(*other);
  } else {
    if (const Relation* relation = get(object.id)) visit_part(object, *relation);
  }
}

void Deletion::visit_part(const Doomed& object, const Relation& relation) {
  // RemoveStatisticsById
  const bool statistics = object.kind == Doomed::Kind::statistics;
  execution_.lock(object.id, statistics ? LockMode::share_update_exclusive : LockMode::access_exclusive);
  if (object.kind == Doomed::Kind::relation) visit_relation(relation);
  if (object.kind == Doomed::Kind::column) visit_column(relation, static_cast<int>(object.part));
  if (object.kind == Doomed::Kind::constraint) visit_constraint(relation, object.part);
  if (object.kind == Doomed::Kind::trigger) visit_trigger(relation, object.part);
}

void Deletion::remove(const Doomed& object) {
  Catalog& catalog = execution_.catalog;
  switch (object.kind) {
    case Doomed::Kind::type:
      if (const Type* type = catalog.types.get(object.id)) {
        const ObjectId array = type->array;
        if (type->relation) catalog.drop_relation(type->relation);
        catalog.types.remove(array);
      }
      return catalog.types.remove(object.id);
    case Doomed::Kind::function:
      return remove_function(object.id);
    case Doomed::Kind::operator_class:
      return catalog.operator_classes.remove(object.id);
    case Doomed::Kind::extension:
      return catalog.extensions.remove(object.id);
    case Doomed::Kind::schema:
      return catalog.schemas.remove(object.id);
    case Doomed::Kind::other:
      return catalog.others.remove(object.id);
    case Doomed::Kind::relation:
      return catalog.drop_relation(object.id);
    case Doomed::Kind::constraint:
      if (get(object.id)) catalog.drop_constraint(object.id, object.part);
      return;
    default:
      if (get(object.id)) remove_part(object);
  }
}

// With the operators it is behind.
void Deletion::remove_function(ObjectId function) {
  std::vector<ObjectId> operators;
  execution_.catalog.operators.each_of_users([&](const Operator& each) {
    if (each.function == function) operators.push_back(each.id);
  });
  for (const ObjectId each : operators) execution_.catalog.operators.remove(each);
  execution_.catalog.functions.remove(function);
}

void Deletion::remove_part(const Doomed& object) {
  execution_.catalog.change_reader(object.id, [&](Relation& relation) { remove_part_of(relation, object); });
}

void Deletion::remove_part_of(Relation& relation, const Doomed& object) {
  const auto is_it = [&](const auto& each) { return each.id == object.part; };
  const auto is_numbered = [&](const Column& each) { return each.number == static_cast<int>(object.part); };
  if (object.kind == Doomed::Kind::rule) std::erase_if(relation.rules, is_it);
  if (object.kind == Doomed::Kind::policy) std::erase_if(relation.policies, is_it);
  if (object.kind == Doomed::Kind::trigger) std::erase_if(relation.triggers, is_it);
  if (object.kind == Doomed::Kind::statistics) std::erase_if(relation.statistics, is_it);
  if (object.kind == Doomed::Kind::column) std::erase_if(relation.columns, is_numbered);
  if (object.kind != Doomed::Kind::default_value) return;
  for (Column& column : relation.columns) {
    if (!is_numbered(column)) continue;
    column.default_sql.clear();
    column.default_volatility = Volatility::immutable;
  }
}

void drop_with_dependents(Execution& execution, const std::vector<ObjectId>& relations, DropBehavior behavior) {
  Deletion deletion(execution, behavior);
  for (const ObjectId each : relations) deletion.add({Doomed::Kind::relation, each, 0});
  deletion.run();
}

void drop_with_dependents(Execution& execution, ObjectId relation, DropBehavior behavior) {
  drop_with_dependents(execution, std::vector{relation}, behavior);
}

}  // namespace martlet
