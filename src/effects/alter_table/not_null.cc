// ALTER TABLE … ALTER COLUMN … SET NOT NULL, DROP NOT NULL (tablecmds.c, ATExecSetNotNull, ATExecDropNotNull).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/proof.h"

namespace martlet {
namespace {

void set_not_null(const AlterStep& step) {
  const Column& column = existing_column(step, step.command.name);
  if (column.not_null) return;
  const int number = column.number;
  AlteredTable& altered = step.alter.altered(step.table);
  if (!altered.scan && !proves_not_null(step.relation(), column)) altered.scan = true;
  step.edit().column(number)->not_null = true;
}

// A partitioned table's partitions must have it already where ONLY is said; where the column is NOT NULL already, they
// are not even locked.
void prepare_set_not_null(const AlterStep& step) {
  if (step.recursing) return;
  const Relation& table = step.relation();
  const bool partitioned = table.kind == RelationKind::partitioned_table;
  if (partitioned && has_children(table) && existing_column(step, step.command.name).not_null) return;
  if (!step.recurse && !partitioned) return;
  for (const ObjectId child : lock_descendants(step.execution(), step.table, step.alter.lock)) {
    if (step.recurse) {
      step.alter.prepare(step.action, step.command, child, false, true);
    } else {
      const Column* column = step.alter.relation(child).column(std::string_view(step.command.name));
      if (column && column->not_null) continue;
      step.fail("42P16", "constraint must be added to child tables too");
    }
  }
}

bool is_in_key(const Relation& table, const Column& column) {
  return std::ranges::any_of(table.constraints, [&](const Constraint& each) {
    return each.kind == Constraint::Kind::primary_key && std::ranges::count(each.columns, column.number) > 0;
  });
}

bool is_in_replica_identity(const Catalog& catalog, const Relation& table, const Column& column) {
  return std::ranges::any_of(table.indexes, [&](ObjectId id) {
    const Relation* index = catalog.relations.get(id);
    if (!index || !index->index->replica_identity) return false;
    return std::ranges::any_of(index->index->keys, [&](const IndexKey& key) { return key.column == column.number; });
  });
}

void check_parent(const AlterStep& step, const Column& column) {
  const Relation* parent = step.execution().catalog.relations.get(step.relation().partition.parent);
  if (!parent) return;
  const Column* above = parent->column(std::string_view(column.name));
  if (above && above->not_null) {
    step.fail("42P16", fmt::format("column \"{}\" is marked NOT NULL in parent table", column.name));
  }
}

void drop_not_null(const AlterStep& step) {
  const Column column = existing_column(step, step.command.name);
  const Relation& table = step.relation();
  if (column.identity != Column::Identity::none) {
    step.fail("42601", fmt::format("column \"{}\" of relation \"{}\" is an identity column", column.name, table.name));
  }
  if (is_in_key(table, column)) step.fail("42P16", fmt::format("column \"{}\" is in a primary key", column.name));
  if (is_in_replica_identity(step.execution().catalog, table, column)) {
    step.fail("42P16", fmt::format("column \"{}\" is in index used as replica identity", column.name));
  }
  check_parent(step, column);
  step.edit().column(column.number)->not_null = false;
}

void prepare_drop_not_null(const AlterStep& step) {
  const Relation& table = step.relation();
  if (table.kind != RelationKind::partitioned_table || !has_children(table) || step.recurse || step.recursing) return;
  step.fail("42P16", "cannot remove constraint from only the partitioned table when partitions exist");
}

const Registered<AlterAction> kSetNotNull{{
    .id = "SetNotNull",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull,
    .words = "ALTER COLUMN ... SET NOT NULL",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::column_attributes,
    .targets = alter_target::table | alter_target::foreign_table,
    .execute = set_not_null,
    .prepare = prepare_set_not_null,
}};

const Registered<AlterAction> kDropNotNull{{
    .id = "DropNotNull",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull,
    .words = "ALTER COLUMN ... DROP NOT NULL",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::drop,
    .targets = alter_target::table | alter_target::foreign_table,
    .execute = drop_not_null,
    .prepare = prepare_drop_not_null,
    .recurses = true,
}};

}  // namespace
}  // namespace martlet
