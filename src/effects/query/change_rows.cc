// What changing rows does to tables, beside the one that is named.
#include <fmt/format.h>

#include <algorithm>

#include "effects/query/dml.h"
#include "effects/routine_body.h"

namespace martlet {
namespace {

char rule_event(RowChange change) {
  return change == RowChange::update ? '2' : change == RowChange::insert ? '3' : '4';
}

bool fires_on(const Trigger& trigger, RowChange change, const std::vector<int>& updated) {
  if (trigger.internal || trigger.enabled == 'D' || trigger.enabled == 'R') return false;
  if (change == RowChange::insert) return trigger.on_insert;
  if (change == RowChange::remove) return trigger.on_delete;
  if (!trigger.on_update) return false;
  return trigger.columns.empty() || updated.empty() || std::ranges::any_of(trigger.columns, [&](int column) {
           return std::ranges::find(updated, column) != updated.end();
         });
}

bool has_instead_trigger(const Relation& view, RowChange change) {
  return std::ranges::any_of(view.triggers,
                             [&](const Trigger& each) { return each.instead_of && fires_on(each, change, {}); });
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
void follow_key(Execution& execution, const Relation& target, ObjectId referrer, const Constraint& key,
                RowChange change) {
  const Relation& table = *execution.catalog.relations.get(referrer);
  static_cast<void>(target);
  const char action = change == RowChange::remove ? key.on_delete : key.on_update;
  const bool looks_only = action == 'a' || action == 'r';
  execution.lock(referrer, looks_only ? LockMode::row_share : LockMode::row_exclusive);
  const bool scans = !has_index_on_all(execution.catalog, table, key.columns);
  if (scans) scan_target(execution, referrer);
  if (looks_only) return;
  const RowChange theirs = action == 'c' && change == RowChange::remove ? RowChange::remove : RowChange::update;
  lock_target(execution, referrer, theirs);
  // Whether rows point here at all, only the rows tell; what their own triggers and keys do is not followed further.
}

void check_own_keys(Execution& execution, const Relation& table, const std::vector<int>& updated) {
  for (const Constraint& each : table.constraints) {
    if (each.kind != Constraint::Kind::foreign_key) continue;
    const bool touched = updated.empty() || std::ranges::any_of(each.columns, [&](int column) {
                           return std::ranges::find(updated, column) != updated.end();
                         });
    if (touched) execution.lock(each.target, LockMode::row_share);
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
      if (key_changes) follow_key(execution, table, referrer, each, change);
    }
  }
}

void fire_triggers(Execution& execution, const Relation& table, RowChange change, const std::vector<int>& updated) {
  const std::vector<Trigger> triggers = table.triggers;
  for (const Trigger& each : triggers) {
    if (fires_on(each, change, updated)) run_function(execution, each.function);
  }
}

// A view that is updated with its one table.
ObjectId base_of(const Relation& view) {
  if (!view.view) return 0;
  ObjectId base = 0;
  for (const ColumnUse& use : view.view->uses) {
    if (base != 0 && base != use.relation) return 0;
    base = use.relation;
  }
  return base;
}

}  // namespace

bool is_ruled_out(Execution& execution, ObjectId table, RowChange change) {
  const Relation& relation = *execution.catalog.relations.get(table);
  for (const Rule& rule : relation.rules) {
    if (rule.event != rule_event(change) || rule.enabled == 'D') continue;
    const bool nothing = rule.definition.find("DO INSTEAD NOTHING") != std::string::npos;
    if (!nothing) execution.not_known(fmt::format("the rule {} of {} is not followed", rule.name, relation.name));
    const bool conditional = rule.definition.find(" WHERE ") != std::string::npos;
    if (rule.instead && !conditional) return true;
  }
  return false;
}

void lock_target(Execution& execution, ObjectId table, RowChange change) {
  execution.lock(table, LockMode::row_exclusive);
  const Relation& relation = *execution.catalog.relations.get(table);
  const std::vector<ObjectId> children = relation.is_index() ? std::vector<ObjectId>() : relation.children;
  // INSERT opens the indexes for each row and lets them go; the planner of the others keeps them.
  if (relation.is_heap() && change != RowChange::insert) {
    for (const ObjectId index : relation.indexes) execution.lock(index, LockMode::row_exclusive);
  }
  const bool goes_to_children = change != RowChange::insert || relation.kind == RelationKind::partitioned_table;
  for (const ObjectId child : goes_to_children ? children : std::vector<ObjectId>())
    lock_target(execution, child, change);
  if (relation.kind != RelationKind::view || has_instead_trigger(relation, change)) return;
  if (const ObjectId base = base_of(relation)) lock_target(execution, base, change);
}

void scan_target(Execution& execution, ObjectId table) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (relation.is_heap()) execution.scan(table);
  if (relation.is_index()) return;
  const std::vector<ObjectId> children = relation.children;
  for (const ObjectId child : children) scan_target(execution, child);
  if (relation.kind != RelationKind::view) return;
  if (const ObjectId base = base_of(relation)) scan_target(execution, base);
}

void change_rows(Execution& execution, ObjectId table, RowChange change, const std::vector<int>& updated) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (relation.kind == RelationKind::sequence || relation.is_index()) {
    execution.fail("42809", fmt::format("cannot change sequence \"{}\"", relation.name));
  }
  if (relation.kind == RelationKind::materialized_view) {
    execution.fail("42809", fmt::format("cannot change materialized view \"{}\"", relation.name));
  }
  lock_target(execution, table, change);
  fire_triggers(execution, relation, change, updated);
  if (change != RowChange::remove) check_own_keys(execution, relation, updated);
  if (change != RowChange::insert && !is_empty(relation)) check_keys_to(execution, relation, change, updated);
}

}  // namespace martlet
