// What changing rows does to tables, beside the one that is named.
#include <algorithm>

#include "effects/query/dml.h"
#include "effects/routine_body.h"

namespace martlet {
namespace {

bool fires_on(const Trigger& trigger, RowChange change, const std::vector<int>& updated) {
  if (trigger.internal || trigger.enabled == 'D' || trigger.enabled == 'R') return false;
  if (change == RowChange::insert) return trigger.on_insert;
  if (change == RowChange::remove) return trigger.on_delete;
  if (!trigger.on_update) return false;
  return trigger.columns.empty() || updated.empty() || std::ranges::any_of(trigger.columns, [&](int column) {
           return std::ranges::find(updated, column) != updated.end();
         });
}

bool has_index_on_all(const Catalog& catalog, const Relation& table, const std::vector<int>& columns) {
  return std::ranges::any_of(table.indexes, [&](ObjectId id) {
    const IndexDefinition& index = *catalog.relations.get(id)->index;
    return index.valid && index.predicate.empty() && !index.keys.empty() &&
           std::ranges::find(columns, index.keys.front().column) != columns.end();
  });
}

bool is_empty(const Relation& table) {
  return table.pages == 0 && !table.assumed;
}

// ri_triggers.c: the rows that point to a key that goes are looked for, and removed or updated where the action says
// so.
void follow_key(Execution& execution, ObjectId referrer, const Constraint& key, RowChange change) {
  const Relation& table = *execution.catalog.relations.get(referrer);
  const char action = change == RowChange::remove ? key.on_delete : key.on_update;
  const bool looks_only = action == 'a' || action == 'r';
  execution.lock(referrer, looks_only ? LockMode::row_share : LockMode::row_exclusive);
  const bool scans = !has_index_on_all(execution.catalog, table, key.columns);
  if (scans) scan_target(execution, referrer, Children::with);
  // Whether rows point here at all, only the rows tell; what their own triggers and keys do is not followed further.
  if (!looks_only) lock_target(execution, referrer, Children::with);
}

// The rows that are pointed to are looked up in the referenced table.
void check_own_keys(Execution& execution, const Relation& table, const std::vector<int>& updated) {
  for (const Constraint& each : table.constraints) {
    if (each.kind != Constraint::Kind::foreign_key) continue;
    const bool touched = updated.empty() || std::ranges::any_of(each.columns, [&](int column) {
                           return std::ranges::find(updated, column) != updated.end();
                         });
    if (!touched) continue;
    execution.lock(each.target, LockMode::row_share);
    const Relation& target = *execution.catalog.relations.get(each.target);
    if (target.is_heap() && !is_worth_an_index(target)) execution.scan(each.target);
  }
}

void check_keys_to(Execution& execution, const Relation& table, RowChange change, const std::vector<int>& updated) {
  const std::vector<ObjectId> referrers = table.referrers;
  for (const ObjectId referrer : referrers) {
    const Relation* other = execution.catalog.relations.get(referrer);
    if (!other) continue;
    for (const Constraint& each : other->constraints) {
      if (each.target != table.id) continue;
      const bool key_changes = change == RowChange::remove || std::ranges::any_of(each.target_columns, [&](int column) {
                                 return std::ranges::find(updated, column) != updated.end();
                               });
      if (key_changes) follow_key(execution, referrer, each, change);
    }
  }
}

void fire_triggers(Execution& execution, const Relation& table, RowChange change, const std::vector<int>& updated) {
  const std::vector<Trigger> triggers = table.triggers;
  for (const Trigger& each : triggers) {
    if (fires_on(each, change, updated)) run_function(execution, each.function);
  }
}

std::vector<ObjectId> children_of(const Relation& relation, Children children) {
  return children == Children::with && !relation.is_index() ? relation.children : std::vector<ObjectId>();
}

}  // namespace

void lock_target(Execution& execution, ObjectId table, Children children) {
  execution.lock(table, LockMode::row_exclusive);
  const Relation& relation = *execution.catalog.relations.get(table);
  // get_relation_info: of a partitioned table that stands for its partitions no index is looked at.
  const bool is_parent = relation.kind == RelationKind::partitioned_table && children == Children::with;
  if (!is_parent && !relation.is_index()) {
    for (const ObjectId index : relation.indexes) execution.lock(index, LockMode::row_exclusive);
  }
  for (const ObjectId child : children_of(relation, children)) lock_target(execution, child, Children::with);
}

void scan_target(Execution& execution, ObjectId table, Children children) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (relation.is_heap()) execution.scan(table);
  for (const ObjectId child : children_of(relation, children)) scan_target(execution, child, Children::with);
}

void change_rows(Execution& execution, ObjectId table, RowChange change, const std::vector<int>& updated) {
  const Relation& relation = *execution.catalog.relations.get(table);
  fire_triggers(execution, relation, change, updated);
  if (change != RowChange::remove) check_own_keys(execution, relation, updated);
  if (change != RowChange::insert && !is_empty(relation)) check_keys_to(execution, relation, change, updated);
}

}  // namespace martlet
