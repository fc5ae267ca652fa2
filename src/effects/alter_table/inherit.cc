// ALTER TABLE … INHERIT, NO INHERIT (tablecmds.c, ATExecAddInherit, ATExecDropInherit).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/inheritance.h"

namespace martlet {
namespace {

void prepare_inherit(const AlterStep& step) {
  const Relation& table = step.relation();
  if (table.of_type) step.fail("42809", "cannot change inheritance of typed table");
  if (table.partition.parent) step.fail("42809", "cannot change inheritance of a partition");
  if (table.kind == RelationKind::partitioned_table) {
    step.fail("42809", "cannot change inheritance of partitioned table");
  }
}

void check_parent(const AlterStep& step, const Relation& parent) {
  const Relation& table = step.relation();
  if (parent.kind == RelationKind::partitioned_table) {
    step.fail("42809", fmt::format("cannot inherit from partitioned table \"{}\"", parent.name));
  }
  if (parent.kind != RelationKind::table && parent.kind != RelationKind::foreign_table) {
    step.fail("42809", fmt::format("ALTER action INHERIT cannot be performed on relation \"{}\"", parent.name));
  }
  const bool temporary = parent.persistence == Persistence::temporary;
  if (temporary && table.persistence != Persistence::temporary) {
    step.fail("42809", fmt::format("cannot inherit from temporary relation \"{}\"", parent.name));
  }
  if (parent.partition.parent) step.fail("42809", "cannot inherit from a partition");
  if (std::ranges::count(table.inherits, parent.id) > 0) {
    step.fail("42P07", fmt::format("relation \"{}\" would be inherited from more than once", parent.name));
  }
  const std::vector<ObjectId> below = lock_descendants(step.execution(), step.table, LockMode::access_share);
  if (parent.id == step.table || std::ranges::count(below, parent.id) > 0) {
    step.fail("42P07", "circular inheritance not allowed");
  }
}

void add_inherit(const AlterStep& step) {
  const ObjectId parent = step.execution().relation(qualified_name(*step.command.def->range_var)).id;
  step.execution().lock(parent, LockMode::share_update_exclusive);
  check_parent(step, step.alter.relation(parent));
  merge_into_existing(step, step.table, parent);
  step.edit().inherits.push_back(parent);
  step.alter.edit(parent).children.push_back(step.table);
}

void drop_inherit(const AlterStep& step) {
  const Relation& table = step.relation();
  if (table.partition.parent) step.fail("42809", "cannot change inheritance of a partition");
  const ObjectId parent = step.execution().relation(qualified_name(*step.command.def->range_var)).id;
  if (std::ranges::count(table.inherits, parent) == 0) {
    if (table.assumed) return;
    step.fail("42P01", fmt::format("relation \"{}\" is not a parent of relation \"{}\"",
                                   step.alter.relation(parent).name, table.name));
  }
  make_local(step, step.table, parent);
  std::erase(step.edit().inherits, parent);
  std::erase(step.alter.edit(parent).children, step.table);
}

constexpr unsigned kTargets = alter_target::table | alter_target::foreign_table;

const Registered<AlterAction> kAddInherit{{
    .id = "AddInherit",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit,
    .words = "INHERIT",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = kTargets,
    .execute = add_inherit,
    .prepare = prepare_inherit,
}};

const Registered<AlterAction> kDropInherit{{
    .id = "DropInherit",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit,
    .words = "NO INHERIT",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = kTargets,
    .execute = drop_inherit,
}};

}  // namespace
}  // namespace martlet
