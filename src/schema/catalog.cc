#include "schema/catalog.h"

#include <algorithm>
#include <tuple>

namespace martlet {
namespace {

std::uint64_t pair_key(ObjectId source, ObjectId target) {
  return std::uint64_t{source} << 32 | target;
}

void add_once(std::vector<ObjectId>& ids, ObjectId id) {
  if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
}

// Adds `id` to, or takes it from, one of the lists that `holder` keeps of other relations.
void hold(Store<Relation>& relations, ObjectId holder, std::vector<ObjectId> Relation::*ids, ObjectId id) {
  if (const Relation* found = relations.get(holder); found && std::ranges::count(found->*ids, id) == 0) {
    add_once(relations.edit(holder).*ids, id);
  }
}

void release(Store<Relation>& relations, ObjectId holder, std::vector<ObjectId> Relation::*ids, ObjectId id) {
  if (const Relation* found = relations.get(holder); found && std::ranges::count(found->*ids, id) > 0) {
    std::erase(relations.edit(holder).*ids, id);
  }
}

std::vector<ObjectId> relations_read(const Relation& relation) {
  std::vector<ObjectId> read;
  if (relation.view) {
    for (const ColumnUse& use : relation.view->uses) add_once(read, use.relation);
  }
  for (const Rule& rule : relation.rules) {
    for (const ColumnUse& use : rule.uses) add_once(read, use.relation);
  }
  for (const Policy& policy : relation.policies) {
    for (const ColumnUse& use : policy.uses) add_once(read, use.relation);
  }
  return read;
}

// Calls `link` with everything this relation's own facts say about others.
template <class Link>
void each_link(const Relation& relation, const Link& link) {
  if (relation.index) link(relation.index->table, &Relation::indexes);
  if (relation.index && relation.index->parent) link(relation.index->parent, &Relation::children);
  if (relation.partition.parent) link(relation.partition.parent, &Relation::children);
  if (relation.owned_by.relation) link(relation.owned_by.relation, &Relation::sequences);
  for (const ObjectId parent : relation.inherits) link(parent, &Relation::children);
  for (const Constraint& each : relation.constraints) {
    if (each.target) link(each.target, &Relation::referrers);
  }
  for (const ObjectId read : relations_read(relation)) {
    if (read != relation.id) link(read, &Relation::dependents);
  }
}

}  // namespace

const Cast* Catalog::cast(ObjectId source, ObjectId target) const {
  const auto at = casts_.find(pair_key(source, target));
  return at == casts_.end() ? nullptr : &at->second;
}

void Catalog::add_cast(Cast cast) {
  const std::uint64_t key = pair_key(cast.source, cast.target);
  remember_cast(key);
  casts_.insert_or_assign(key, cast);
}

void Catalog::remove_cast(ObjectId source, ObjectId target) {
  const std::uint64_t key = pair_key(source, target);
  remember_cast(key);
  casts_.erase(key);
}

void Catalog::remember_cast(std::uint64_t key) {
  if (!recording_) return;
  const auto at = casts_.find(key);
  cast_changes_.emplace_back(key, at == casts_.end() ? std::nullopt : std::optional(at->second));
}

void Catalog::add_relation(Relation relation) {
  const ObjectId id = relation.id;
  relations.add(std::move(relation));
  const Relation added = *relations.get(id);
  each_link(added, [&](ObjectId holder, std::vector<ObjectId> Relation::*ids) { hold(relations, holder, ids, id); });
  // A serial column's sequence is made before its table.
  for (const Column& column : added.columns) {
    if (column.owned_sequence) hold(relations, id, &Relation::sequences, column.owned_sequence);
  }
}

void Catalog::add_relations(std::vector<Relation> added) {
  using List = std::vector<ObjectId> Relation::*;
  std::vector<std::tuple<ObjectId, int, ObjectId>> links;
  constexpr List kLists[] = {&Relation::indexes, &Relation::children, &Relation::sequences, &Relation::referrers,
                             &Relation::dependents};
  for (Relation& each : added) {
    each_link(each, [&](ObjectId holder, List list) {
      links.emplace_back(holder, static_cast<int>(std::ranges::find(kLists, list) - kLists), each.id);
    });
    relations.add(std::move(each));
  }
  std::ranges::sort(links);
  links.erase(std::unique(links.begin(), links.end()), links.end());
  for (const auto& [holder, list, id] : links) {
    if (relations.get(holder)) (relations.edit(holder).*kLists[list]).push_back(id);
  }
}

void Catalog::drop_relation(ObjectId id) {
  const Relation* found = relations.get(id);
  if (!found) return;
  const Relation dropped = *found;
  each_link(dropped,
            [&](ObjectId holder, std::vector<ObjectId> Relation::*ids) { release(relations, holder, ids, id); });
  for (const ObjectId index : dropped.indexes) drop_relation(index);
  for (const ObjectId sequence : dropped.sequences) drop_relation(sequence);
  if (const Type* row = types.get(dropped.row_type)) {
    const ObjectId array = row->array;
    types.remove(dropped.row_type);
    types.remove(array);
  }
  if (const Relation* parent = relations.get(dropped.partition.parent);
      parent && parent->partition.default_partition == id) {
    relations.edit(parent->id).partition.default_partition = 0;
  }
  relations.remove(id);
}

void Catalog::add_constraint(ObjectId table, Constraint constraint) {
  const ObjectId target = constraint.target;
  relations.edit(table).constraints.push_back(std::move(constraint));
  if (target) hold(relations, target, &Relation::referrers, table);
}

void Catalog::tell_what_it_reads(ObjectId reader, bool reads) {
  for (const ObjectId read : relations_read(*relations.get(reader))) {
    if (read == reader) continue;
    reads ? hold(relations, read, &Relation::dependents, reader)
          : release(relations, read, &Relation::dependents, reader);
  }
}

void Catalog::own_sequence(ObjectId sequence, ColumnUse owner) {
  const ObjectId before = relations.get(sequence)->owned_by.relation;
  if (before && before != owner.relation) release(relations, before, &Relation::sequences, sequence);
  if (owner.relation) hold(relations, owner.relation, &Relation::sequences, sequence);
  relations.edit(sequence).owned_by = owner;
}

void Catalog::drop_constraint(ObjectId table, ObjectId constraint) {
  Relation& changed = relations.edit(table);
  const auto at = std::ranges::find(changed.constraints, constraint, &Constraint::id);
  if (at == changed.constraints.end()) return;
  const Constraint dropped = *at;
  changed.constraints.erase(at);
  const bool still_refers =
      std::ranges::any_of(changed.constraints, [&](const Constraint& each) { return each.target == dropped.target; });
  if (dropped.target && !still_refers) release(relations, dropped.target, &Relation::referrers, table);
  if (dropped.index && dropped.kind != Constraint::Kind::foreign_key) drop_relation(dropped.index);
}

void Catalog::attach(ObjectId parent, ObjectId child, std::string bound, bool is_default) {
  PartitionFacts& facts = relations.edit(child).partition;
  facts.parent = parent;
  facts.bound = std::move(bound);
  facts.is_default = is_default;
  hold(relations, parent, &Relation::children, child);
  if (is_default) relations.edit(parent).partition.default_partition = child;
}

void Catalog::detach(ObjectId parent, ObjectId child) {
  PartitionFacts& facts = relations.edit(child).partition;
  if (facts.is_default) relations.edit(parent).partition.default_partition = 0;
  facts.parent = 0;
  facts.bound.clear();
  facts.is_default = false;
  release(relations, parent, &Relation::children, child);
}

void Catalog::record() {
  relations.record();
  types.record();
  functions.record();
  operators.record();
  operator_classes.record();
  others.record();
  extensions.record();
  recording_ = true;
  schemas.record();
}

CatalogMark Catalog::mark() const {
  return {relations.change_count(), types.change_count(),      functions.change_count(),
          schemas.change_count(),   operators.change_count(),  operator_classes.change_count(),
          others.change_count(),    extensions.change_count(), cast_changes_.size()};
}

void Catalog::roll_back(const CatalogMark& mark) {
  relations.roll_back(mark.relations);
  types.roll_back(mark.types);
  functions.roll_back(mark.functions);
  operators.roll_back(mark.operators);
  operator_classes.roll_back(mark.operator_classes);
  others.roll_back(mark.others);
  extensions.roll_back(mark.extensions);
  while (cast_changes_.size() > mark.casts) {
    const auto [key, before] = cast_changes_.back();
    cast_changes_.pop_back();
    if (before) {
      casts_.insert_or_assign(key, *before);
    } else {
      casts_.erase(key);
    }
  }
  schemas.roll_back(mark.schemas);
}

void Catalog::forget_changes() {
  relations.forget_changes();
  types.forget_changes();
  functions.forget_changes();
  operators.forget_changes();
  operator_classes.forget_changes();
  others.forget_changes();
  extensions.forget_changes();
  cast_changes_.clear();
  schemas.forget_changes();
}

}  // namespace martlet
