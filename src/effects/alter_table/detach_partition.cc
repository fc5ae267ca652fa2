// ALTER TABLE … DETACH PARTITION (tablecmds.c, ATExecDetachPartition, DetachPartitionFinalize).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/inheritance.h"

namespace martlet {
namespace {

bool is_concurrent(const PgQuery__AlterTableCmd& command) {
  return command.def->partition_cmd->concurrent;
}

ObjectId partition_named(const AlterStep& step, LockMode lock) {
  const PgQuery__RangeVar& name = *step.command.def->partition_cmd->name;
  const ObjectId id = step.execution().relation(qualified_name(name)).id;
  step.execution().lock(id, lock);
  const Relation& partition = step.alter.relation(id);
  if (partition.partition.parent != step.table && !partition.assumed && !step.relation().assumed) {
    step.fail("42P01", fmt::format("relation \"{}\" is not a partition of relation \"{}\"", partition.name,
                                   step.relation().name));
  }
  return id;
}

// All of a partition's heaps, which nobody may use any more as parts of the parent.
void read_rows(const AlterStep& step, ObjectId partition, bool read) {
  std::vector<ObjectId> heaps = lock_descendants(step.execution(), partition, LockMode::access_exclusive);
  heaps.push_back(partition);
  for (const ObjectId id : heaps) {
    if (read && step.alter.relation(id).is_heap()) step.execution().scan(id);
  }
}

// The rows that go may be referenced: each referring table is read (ATDetachCheckNoForeignKeyRefs), and loses the
// constraint that was this partition's.
void release_references(const AlterStep& step, ObjectId partition) {
  Execution& execution = step.execution();
  const std::vector<ObjectId> referrers = step.alter.relation(partition).referrers;
  for (const ObjectId referrer : referrers) {
    const std::vector<Constraint> keys = step.alter.relation(referrer).constraints;
    for (const Constraint& key : keys) {
      if (key.target != partition || !key.parent) continue;
      execution.lock(referrer, LockMode::access_exclusive);
      execution.scan(referrer);
      read_rows(step, partition, may_have_rows(step.alter.relation(referrer)));
      execution.assume(fmt::format("no row of {} refers to {}", step.alter.relation(referrer).name,
                                   step.alter.relation(partition).name));
      execution.catalog.drop_constraint(referrer, key.id);
    }
  }
}

// What belonged to the parent's is the partition's own from now on (DetachPartitionFinalize).
void make_independent(const AlterStep& step, ObjectId partition) {
  Execution& execution = step.execution();
  const std::vector<ObjectId> indexes = step.alter.relation(partition).indexes;
  for (const ObjectId id : indexes) {
    const ObjectId parent = step.alter.relation(id).index->parent;
    if (!parent) continue;
    execution.lock(id, LockMode::access_exclusive);
    step.alter.edit(id).index->parent = 0;
    std::erase(step.alter.edit(parent).children, id);
  }
  Relation& table = step.alter.edit(partition);
  std::erase_if(table.triggers, [](const Trigger& each) { return each.parent != 0; });
  for (Constraint& each : table.constraints) {
    if (!each.parent) continue;
    each.parent = 0;
    each.inherited = false;
    each.local = true;
    if (each.kind == Constraint::Kind::foreign_key) execution.lock(each.target, LockMode::share_row_exclusive);
  }
}

void finish(const AlterStep& step, ObjectId partition) {
  make_local(step, partition, step.table);
  make_independent(step, partition);
  step.execution().catalog.detach(step.table, partition);
}

void require_partitioned(const AlterStep& step) {
  const Relation& table = step.relation();
  if (table.kind == RelationKind::partitioned_table || table.assumed) return;
  step.fail("42P17", fmt::format("table \"{}\" is not partitioned", table.name));
}

void detach(const AlterStep& step) {
  require_partitioned(step);
  Execution& execution = step.execution();
  const ObjectId default_partition = step.relation().partition.default_partition;
  const bool concurrent = is_concurrent(step.command);
  if (default_partition && concurrent) {
    step.fail("55000", "cannot detach partitions concurrently when a default partition exists");
  }
  if (default_partition) execution.lock(default_partition, LockMode::access_exclusive);
  const ObjectId partition =
      partition_named(step, concurrent ? LockMode::share_update_exclusive : LockMode::access_exclusive);
  release_references(step, partition);
  // Its second transaction locks the partition exclusively, when nobody uses it as one any more.
  if (concurrent) execution.lock(partition, LockMode::access_exclusive);
  finish(step, partition);
}

void finalize(const AlterStep& step) {
  require_partitioned(step);
  const ObjectId partition = partition_named(step, LockMode::access_exclusive);
  if (!step.alter.relation(partition).partition.detach_pending && !step.alter.relation(partition).assumed) {
    step.fail("55000", fmt::format("cannot complete detaching partition \"{}\"", step.alter.relation(partition).name));
  }
  step.alter.edit(partition).partition.detach_pending = false;
  finish(step, partition);
}

const Registered<AlterAction> kDetachPartition{{
    .id = "DetachPartition",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition,
    .words = "DETACH PARTITION",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table,
    .execute = detach,
    .begin =
        [](Execution& execution, const PgQuery__AlterTableCmd& command) {
          if (is_concurrent(command)) execution.refuse_in_transaction("ALTER TABLE ... DETACH CONCURRENTLY");
        },
    .lock_of =
        [](const PgQuery__AlterTableCmd& command) {
          return is_concurrent(command) ? LockMode::share_update_exclusive : LockMode::access_exclusive;
        },
}};

const Registered<AlterAction> kDetachFinalize{{
    .id = "DetachPartitionFinalize",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize,
    .words = "DETACH PARTITION ... FINALIZE",
    .lock = LockMode::share_update_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table,
    .execute = finalize,
}};

}  // namespace
}  // namespace martlet
