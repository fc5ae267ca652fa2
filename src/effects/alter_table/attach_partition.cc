// ALTER TABLE … ATTACH PARTITION (tablecmds.c, ATExecAttachPartition), and ALTER INDEX … ATTACH PARTITION
// (ATExecAttachPartitionIdx).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/inheritance.h"
#include "effects/alter_table/partition_bound.h"
#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"
#include "effects/referenced_rows.h"

namespace martlet {
namespace {

void check_candidate(const AlterStep& step, const Relation& candidate) {
  const bool is_table = candidate.kind == RelationKind::table || candidate.kind == RelationKind::partitioned_table ||
                        candidate.kind == RelationKind::foreign_table;
  if (!is_table) {
    step.fail("42809",
              fmt::format("ALTER action ATTACH PARTITION cannot be performed on relation \"{}\"", candidate.name));
  }
  if (candidate.partition.parent) step.fail("42809", fmt::format("\"{}\" is already a partition", candidate.name));
  if (candidate.of_type) step.fail("42809", "cannot attach a typed table as partition");
  if (!candidate.inherits.empty()) step.fail("42809", "cannot attach inheritance child as partition");
  if (candidate.kind == RelationKind::table && has_children(candidate)) {
    step.fail("42809", "cannot attach inheritance parent as partition");
  }
  const std::vector<ObjectId> below = lock_descendants(step.execution(), candidate.id, LockMode::access_exclusive);
  if (candidate.id == step.table || std::ranges::count(below, step.table) > 0) {
    step.fail("42P07", "circular inheritance not allowed");
  }
}

void check_persistence(const AlterStep& step, const Relation& candidate) {
  const bool temporary = step.relation().persistence == Persistence::temporary;
  if (!temporary && candidate.persistence == Persistence::temporary) {
    step.fail("42809", fmt::format("cannot attach a temporary relation as partition of permanent relation \"{}\"",
                                   step.relation().name));
  }
  if (temporary && candidate.persistence != Persistence::temporary) {
    step.fail("42809", fmt::format("cannot attach a permanent relation as partition of temporary relation \"{}\"",
                                   step.relation().name));
  }
}

void check_columns(const AlterStep& step, const Relation& candidate) {
  if (step.relation().columns_unknown) return;
  for (const Column& each : candidate.columns) {
    if (step.relation().column(std::string_view(each.name))) continue;
    step.fail("42804", fmt::format("table \"{}\" contains column \"{}\" not found in parent \"{}\"", candidate.name,
                                   each.name, step.relation().name));
  }
}

// QueuePartitionConstraintValidation: rows are read unless constraints prove that they belong.
void validate(const AlterStep& step, ObjectId table, const Condition& condition) {
  const Relation& relation = step.alter.relation(table);
  if (condition.parts.empty() || proves(relation, condition)) return;
  if (relation.is_heap()) step.alter.altered(table).scan = true;
  if (relation.kind != RelationKind::partitioned_table) return;
  for (const ObjectId child : lock_children(step.execution(), table, LockMode::access_exclusive)) {
    validate(step, child, condition);
  }
}

void attach_indexes(const AlterStep& step, ObjectId partition) {
  std::vector<ObjectId> indexes = step.relation().indexes;
  std::ranges::sort(indexes);
  for (const ObjectId index : indexes) {
    step.execution().lock(index, LockMode::share_update_exclusive);
    take_over_index(step.execution(), index, partition);
  }
}

bool same_foreign_key(const Catalog& catalog, const Constraint& of_parent, ObjectId parent, const Constraint& own,
                      ObjectId partition) {
  return own.kind == Constraint::Kind::foreign_key && !own.parent && own.target == of_parent.target &&
         own.target_columns == of_parent.target_columns && own.validated && own.deferrable == of_parent.deferrable &&
         own.initially_deferred == of_parent.initially_deferred && own.on_delete == of_parent.on_delete &&
         own.on_update == of_parent.on_update && own.match == of_parent.match &&
         own.columns == same_columns(catalog, parent, partition, of_parent.columns);
}

void attach_foreign_key(const AlterStep& step, ObjectId partition, const Constraint& key, ObjectId own) {
  step.execution().lock(key.target, LockMode::access_exclusive);  // the triggers there are dropped
  Constraint& attached = *std::ranges::find(step.alter.edit(partition).constraints, own, &Constraint::id);
  attached.parent = key.id;
  attached.inherited = true;
  attached.local = false;
}

void validate_foreign_key(const AlterStep& step, ObjectId table, ObjectId target) {
  const Relation& relation = step.alter.relation(table);
  if (relation.is_heap()) {
    step.execution().scan(table);
    const Relation& referenced = step.alter.relation(target);
    if (referenced.is_heap() && reads_referenced(relation, referenced)) step.execution().scan(target);
  }
  if (relation.kind != RelationKind::partitioned_table) return;
  const std::vector<ObjectId> children = relation.children;
  for (const ObjectId child : children) validate_foreign_key(step, child, target);
}

void clone_foreign_keys(const AlterStep& step, ObjectId partition) {
  Catalog& catalog = step.execution().catalog;
  const std::vector<Constraint> keys = step.relation().constraints;
  for (const Constraint& key : keys) {
    // What a partitioned table on the other side adds has a parent on this one.
    const bool is_copy = std::ranges::any_of(keys, [&](const Constraint& each) { return each.id == key.parent; });
    if (key.kind != Constraint::Kind::foreign_key || is_copy) continue;
    step.execution().lock(key.target, LockMode::share_row_exclusive);
    const std::vector<Constraint>& own = step.alter.relation(partition).constraints;
    const auto same = std::ranges::find_if(
        own, [&](const Constraint& each) { return same_foreign_key(catalog, key, step.table, each, partition); });
    if (same != own.end()) {
      attach_foreign_key(step, partition, key, same->id);
      continue;
    }
    Constraint copy = key;
    copy.id = catalog.next_id();
    copy.parent = key.id;
    copy.inherited = true;
    copy.local = false;
    copy.columns = same_columns(catalog, step.table, partition, key.columns);
    catalog.add_constraint(partition, copy);
    validate_foreign_key(step, partition, key.target);
  }
}

void clone_triggers(const AlterStep& step, ObjectId partition) {
  const Catalog& catalog = step.execution().catalog;
  const std::vector<Trigger> triggers = step.relation().triggers;
  for (const Trigger& each : triggers) {
    if (!each.row || each.internal) continue;
    const std::vector<Trigger>& own = step.alter.relation(partition).triggers;
    if (std::ranges::count(own, each.name, &Trigger::name) > 0) {
      step.fail("42710", fmt::format("trigger \"{}\" for relation \"{}\" already exists", each.name,
                                     step.alter.relation(partition).name));
    }
    Trigger copy = each;
    copy.id = step.execution().catalog.next_id();
    copy.parent = each.id;
    copy.columns = same_columns(catalog, step.table, partition, each.columns);
    copy.reads = same_columns(catalog, step.table, partition, each.reads);
    step.alter.edit(partition).triggers.push_back(std::move(copy));
  }
}

void attach_table(const AlterStep& step, const PgQuery__PartitionCmd& command) {
  Execution& execution = step.execution();
  const PartitionBound bound = read_bound(execution.catalog, step.relation(), *command.bound);
  if (step.relation().kind != RelationKind::partitioned_table && !step.relation().assumed) {
    step.fail("42P17", fmt::format("table \"{}\" is not partitioned", step.relation().name));
  }
  const ObjectId default_partition = step.relation().partition.default_partition;
  if (default_partition) execution.lock(default_partition, LockMode::access_exclusive);
  const ObjectId partition = execution.relation(qualified_name(*command.name)).id;
  execution.lock(partition, LockMode::access_exclusive);
  check_candidate(step, step.alter.relation(partition));
  check_persistence(step, step.alter.relation(partition));
  check_columns(step, step.alter.relation(partition));
  check_bound(execution, step.relation(), step.alter.relation(partition).name, bound);
  const Condition condition = bound_condition(execution.catalog, step.relation(), bound);
  merge_into_existing(step, partition, step.table);
  execution.catalog.attach(step.table, partition, bound_text(execution.catalog, step.relation(), *command.bound),
                           bound.strategy == 0);
  attach_indexes(step, partition);
  clone_triggers(step, partition);
  clone_references(execution, step.table, partition);
  clone_foreign_keys(step, partition);
  validate(step, partition, condition);
  if (default_partition) validate(step, default_partition, opposite(condition));
}

void attach_index(const AlterStep& step, const PgQuery__PartitionCmd& command) {
  Execution& execution = step.execution();
  const Relation* found = execution.find_relation(qualified_name(*command.name));
  if (!found) {
    if (!execution.catalog.complete) return;
    step.fail("42P01", fmt::format("relation \"{}\" does not exist", command.name->relname));
  }
  if (!found->is_index()) step.fail("42809", fmt::format("\"{}\" is not an index", found->name));
  const ObjectId id = found->id;
  execution.lock(id, LockMode::access_exclusive);
  const Relation& child = step.alter.relation(id);
  if (child.index->parent == step.table) return;
  const auto refuse = [&] {
    step.fail("55000", fmt::format("cannot attach index \"{}\" as a partition of index \"{}\"", child.name,
                                   step.relation().name));
  };
  const Relation& parent_table = step.alter.relation(step.relation().index->table);
  if (child.index->parent || std::ranges::count(parent_table.children, child.index->table) == 0) refuse();
  for (const ObjectId sibling : step.relation().children) {
    if (step.alter.relation(sibling).index->table == child.index->table) refuse();
  }
  if (!attach_index_of_partition(execution, step.table, id)) {
    step.fail("42P17", fmt::format("cannot attach index \"{}\" as a partition of index \"{}\"", child.name,
                                   step.relation().name));
  }
}

void attach(const AlterStep& step) {
  const PgQuery__PartitionCmd& command = *step.command.def->partition_cmd;
  if (step.relation().is_index()) return attach_index(step, command);
  attach_table(step, command);
}

const Registered<AlterAction> kAttachPartition{{
    .id = "AttachPartition",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition,
    .words = "ATTACH PARTITION",
    .lock = LockMode::share_update_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::partitioned_index,
    .execute = attach,
}};

}  // namespace
}  // namespace martlet
