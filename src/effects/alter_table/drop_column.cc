// ALTER TABLE … DROP COLUMN (tablecmds.c, ATExecDropColumn; dependency.c for what goes with it).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/constraints.h"
#include "effects/alter_table/dependents.h"
#include "effects/alter_table/typed_tables.h"
#include "effects/definition.h"

namespace martlet {
namespace {

void prepare_drop_column(const AlterStep& step) {
  if (step.relation().of_type && !step.recursing) step.fail("42809", "cannot drop column from typed table");
  queue_typed_tables(step);
}

void check(const AlterStep& step, const Column& column) {
  const Relation& table = step.relation();
  if (column.inherited) step.fail("42P16", fmt::format("cannot drop inherited column \"{}\"", column.name));
  if (is_in_partition_key(step.execution(), table, column.number)) {
    step.fail("42P16",
              fmt::format("cannot drop column \"{}\" because it is part of the partition key of relation \"{}\"",
                          column.name, table.name));
  }
  if (has_children(table) && table.kind == RelationKind::partitioned_table && !step.recurse) {
    step.fail("42P16", "cannot drop column from only the partitioned table when partitions exist");
  }
}

bool needs_cascade(const ColumnDependents& dependents) {
  return !dependents.views.empty() || !dependents.rules.empty() || !dependents.policies.empty() ||
         !dependents.triggers.empty() || !dependents.generated.empty() || !dependents.functions.empty() ||
         !dependents.foreign_keys.empty();
}

void drop_dependent_parts(const AlterStep& step, ObjectId table, const ColumnDependents& dependents) {
  Execution& execution = step.execution();
  Catalog& catalog = execution.catalog;
  for (const auto& [relation, rule] : dependents.rules) {
    execution.lock(relation, LockMode::access_exclusive);
    catalog.change_reader(relation, [id = rule](Relation& changed) {
      std::erase_if(changed.rules, [&](const Rule& each) { return each.id == id; });
    });
  }
  for (const auto& [relation, policy] : dependents.policies) {
    execution.lock(relation, LockMode::access_exclusive);
    catalog.change_reader(relation, [id = policy](Relation& changed) {
      std::erase_if(changed.policies, [&](const Policy& each) { return each.id == id; });
    });
  }
  Relation& changed = catalog.relations.edit(table);
  const auto is_in = [](const std::vector<ObjectId>& ids, ObjectId id) { return std::ranges::count(ids, id) > 0; };
  std::erase_if(changed.triggers, [&](const Trigger& each) { return is_in(dependents.triggers, each.id); });
  std::erase_if(changed.statistics, [&](const Statistics& each) { return is_in(dependents.statistics, each.id); });
  for (const ObjectId id : dependents.functions) catalog.functions.remove(id);
}

// Views that read the column may have gone with another view before.
void drop_views(Execution& execution, const std::vector<ObjectId>& views) {
  for (const ObjectId id : views) {
    if (execution.catalog.relations.get(id)) drop_with_dependents(execution, id, DropBehavior::cascade);
  }
}

void drop_from(const AlterStep& step, ObjectId table, int number);

void drop_what_needs_it(const AlterStep& step, ObjectId table, int number) {
  Execution& execution = step.execution();
  const ColumnDependents dependents = column_dependents(execution, table, number);
  const Column column = *step.alter.relation(table).column(number);
  if (needs_cascade(dependents) && step.command.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) {
    step.fail("2BP01", fmt::format("cannot drop column {} of {} {} because other objects depend on it", column.name,
                                   kind_word(step.alter.relation(table).kind), step.alter.relation(table).name));
  }
  drop_views(execution, dependents.views);
  for (const auto& [relation, id] : dependents.foreign_keys) drop_constraint(step, relation, id);
  for (const ObjectId id : dependents.constraints) drop_constraint(step, table, id);
  for (const ObjectId id : dependents.indexes) {
    if (execution.catalog.relations.get(id)) drop_with_dependents(execution, id, DropBehavior::cascade);
  }
  drop_dependent_parts(step, table, dependents);
  for (const int generated : dependents.generated) drop_from(step, table, generated);
  const std::vector<ObjectId> sequences = step.alter.relation(table).sequences;
  for (const ObjectId sequence : sequences) {
    if (step.alter.relation(sequence).owned_by.column != number) continue;
    execution.lock(sequence, LockMode::access_exclusive);
    execution.catalog.drop_relation(sequence);
  }
}

void drop_from(const AlterStep& step, ObjectId table, int number) {
  if (!step.alter.relation(table).column(number)) return;
  drop_what_needs_it(step, table, number);
  std::erase_if(step.alter.edit(table).columns, [&](const Column& each) { return each.number == number; });
}

void drop_from_children(const AlterStep& step, ObjectId table, const std::string& name) {
  for (const ObjectId child : lock_children(step.execution(), table, step.alter.lock)) {
    const Column* column = step.alter.relation(child).column(std::string_view(name));
    if (!column) continue;
    const int number = column->number;
    const int parents = parents_with_column(step.execution().catalog, step.alter.relation(child), name);
    if (step.recurse && parents == 1 && !column->local) {
      drop_from_children(step, child, name);
      drop_from(step, child, number);
    } else {
      Column& kept = *step.alter.edit(child).column(number);
      kept.inherited = parents > 1;
      if (!step.recurse) kept.local = true;
    }
  }
}

void drop_column(const AlterStep& step) {
  const std::string name = step.command.name;
  const Relation& table = step.relation();
  const Column* found = table.column(std::string_view(name));
  if (!found && is_system_column(name)) step.fail("0A000", fmt::format("cannot drop system column \"{}\"", name));
  if (!found && step.command.missing_ok && !table.columns_unknown) return;
  const Column column = existing_column(step, name);
  check(step, column);
  drop_from_children(step, step.table, name);
  drop_from(step, step.table, column.number);
}

const Registered<AlterAction> kDropColumn{{
    .id = "DropColumn",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn,
    .words = "DROP COLUMN",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::drop,
    .targets = alter_target::table | alter_target::composite_type | alter_target::foreign_table,
    .execute = drop_column,
    .prepare = prepare_drop_column,
}};

}  // namespace
}  // namespace martlet
