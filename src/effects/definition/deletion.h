// The deletion of objects with what depends on them (dependency.c, performMultipleDeletions).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "effects/definition.h"

namespace martlet {

/// Something that can be deleted; `part` is a column's number or the id of a part of the relation.
struct Doomed {
  enum class Kind {
    relation,
    column,
    default_value,
    constraint,
    rule,
    policy,
    trigger,
    statistics,
    type,
    function,
    operator_class,
    schema,
    extension,
    other,
  };
  Kind kind = Kind::relation;
  ObjectId id = 0;
  ObjectId part = 0;
  auto operator<=>(const Doomed&) const = default;
};

/// First add() what the statement names, then run(): finds what depends on it and locks all of it, refuses without
/// CASCADE where something is left that depends on it, and takes it out of the catalog.
class Deletion {
 public:
  Deletion(Execution& execution, DropBehavior behavior) : execution_(execution), behavior_(behavior) {}

  void add(const Doomed& object);
  void run();

 private:
  void visit(const Doomed& object);
  void visit_part(const Doomed& object, const Relation& relation);
  void visit_relation(const Relation& relation);
  void visit_column(const Relation& relation, int number);
  void visit_constraint(const Relation& relation, ObjectId constraint);
  void visit_foreign_key(const Relation& relation, const Constraint& key);
  void visit_trigger(const Relation& relation, ObjectId trigger);
  void visit_type(const Type& type);
  void visit_function(const Function& function);
  void visit_operator_class(const OperatorClass& operator_class);
  void visit_schema(const Schema& schema);
  void visit_extension(ObjectId extension);
  void visit_other(const OtherObject& other);

  void visit_keys_to(const Relation& relation, ObjectId index);
  void visit_readers(const Relation& relation, int column);
  void visit_users_of_sequence(const Relation& sequence);
  void visit_index(const Relation& index);
  void lock_around(const Relation& relation);
  void visit_columns_of_type(const Type& type);
  void visit_callers(const Relation& relation, const Function& function);

  /// It depends on `on`: goes with CASCADE, else keeps what was asked for from being dropped.
  void depends(const Doomed& dependent);
  void refuse_where_needed() const;
  std::string description(const Doomed& object) const;
  void remove(const Doomed& object);
  void remove_function(ObjectId function);
  void remove_part(const Doomed& object);
  static void remove_part_of(Relation& relation, const Doomed& object);
  void lock(ObjectId relation) { execution_.lock(relation, LockMode::access_exclusive); }
  const Relation* get(ObjectId id) const { return execution_.catalog.relations.get(id); }

  Execution& execution_;
  DropBehavior behavior_;
  std::set<Doomed> doomed_;
  std::vector<Doomed> order_;
  std::size_t asked_ = 0;
  std::vector<Doomed> blockers_;
};

}  // namespace martlet
