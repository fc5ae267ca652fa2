// ALTER TABLE … DROP CONSTRAINT (tablecmds.c, ATExecDropConstraint).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/constraints.h"

namespace martlet {
namespace {

struct Place {
  ObjectId table = 0;
  ObjectId constraint = 0;
};

// Foreign keys of others that need the key's index.
std::vector<Place> foreign_keys_on(const Catalog& catalog, const Relation& target, ObjectId index) {
  std::vector<Place> found;
  if (!index) return found;
  for (const ObjectId referrer : target.referrers) {
    for (const Constraint& each : catalog.relations.get(referrer)->constraints) {
      if (each.kind != Constraint::Kind::foreign_key || each.target != target.id || each.parent) continue;
      if (each.index == index) found.push_back({referrer, each.id});
    }
  }
  return found;
}

// A partition's copies, and what a partitioned table on the other side adds.
std::vector<Place> copies_of(const Catalog& catalog, const Relation& table, ObjectId constraint) {
  std::vector<Place> found;
  const auto look_at = [&](const Relation& relation) {
    for (const Constraint& each : relation.constraints) {
      if (each.parent == constraint) found.push_back({relation.id, each.id});
    }
  };
  look_at(table);
  for (const ObjectId child : table.children) look_at(*catalog.relations.get(child));
  return found;
}

const Constraint& at(const Catalog& catalog, const Place& place) {
  return *std::ranges::find(catalog.relations.get(place.table)->constraints, place.constraint, &Constraint::id);
}

bool still_there(const Catalog& catalog, const Place& place) {
  const Relation* table = catalog.relations.get(place.table);
  return table && std::ranges::count(table->constraints, place.constraint, &Constraint::id) > 0;
}

void drop_with_all(const AlterStep& step, const Place& place) {
  Catalog& catalog = step.execution().catalog;
  if (!still_there(catalog, place)) return;
  const Constraint dropped = at(catalog, place);
  Execution& execution = step.execution();
  execution.lock(place.table, LockMode::access_exclusive);
  const bool is_foreign_key = dropped.kind == Constraint::Kind::foreign_key;
  if (is_foreign_key) {
    execution.lock(dropped.target, LockMode::access_exclusive);
  } else if (dropped.index) {
    execution.lock(dropped.index, LockMode::access_exclusive);
    for (const Place& needs : foreign_keys_on(catalog, *catalog.relations.get(place.table), dropped.index)) {
      if (step.command.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) {
        step.fail("2BP01", fmt::format("cannot drop constraint {} on table {} because other objects depend on it",
                                       dropped.name, catalog.relations.get(place.table)->name));
      }
      drop_with_all(step, needs);
    }
  }
  for (const Place& copy : copies_of(catalog, *catalog.relations.get(place.table), place.constraint)) {
    drop_with_all(step, copy);
  }
  catalog.drop_constraint(place.table, place.constraint);
}

void drop_from_children(const AlterStep& step, ObjectId table, const std::string& name) {
  for (const ObjectId child : lock_children(step.execution(), table, step.alter.lock)) {
    const Constraint* found = step.alter.relation(child).constraint(name);
    if (!found || !found->inherited) continue;
    if (step.recurse && !found->local) {
      const ObjectId id = found->id;
      drop_from_children(step, child, name);
      drop_constraint(step, child, id);
    } else {
      Constraint& kept = *std::ranges::find(step.alter.edit(child).constraints, name, &Constraint::name);
      kept.inherited = false;
      kept.local = true;
    }
  }
}

// ATCheckPartitionsNotInUse: a partitioned table's partitions are locked before anybody looks for the constraint.
void prepare_drop_constraint(const AlterStep& step) {
  if (step.relation().is_partitioned()) lock_descendants(step.execution(), step.table, step.alter.lock);
}

void execute_drop_constraint(const AlterStep& step) {
  const std::string_view name = step.command.name;
  if (step.command.missing_ok && !step.relation().constraint(name) && !step.relation().assumed) return;
  const Constraint* found = existing_constraint(step, name);
  if (!found) return;
  if (found->inherited) {
    step.fail("42P16",
              fmt::format("cannot drop inherited constraint \"{}\" of relation \"{}\"", name, step.relation().name));
  }
  const Constraint dropped = *found;
  const Relation& table = step.relation();
  if (dropped.kind == Constraint::Kind::check && !dropped.no_inherit && has_children(table)) {
    if (table.kind == RelationKind::partitioned_table && !step.recurse) {
      step.fail("42P16", "cannot remove constraint from only the partitioned table when partitions exist");
    }
    drop_from_children(step, step.table, dropped.name);
  }
  drop_constraint(step, step.table, dropped.id);
}

const Registered<AlterAction> kDropConstraint{{
    .id = "DropConstraint",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint,
    .words = "DROP CONSTRAINT",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::drop,
    .targets = alter_target::table | alter_target::foreign_table,
    .execute = execute_drop_constraint,
    .prepare = prepare_drop_constraint,
}};

}  // namespace

const Constraint* existing_constraint(const AlterStep& step, std::string_view name) {
  const Relation& table = step.relation();
  const Constraint* found = table.constraint(name);
  if (found) return found;
  if (!table.columns_unknown) {
    step.fail("42704", fmt::format("constraint \"{}\" of relation \"{}\" does not exist", name, table.name));
  }
  step.execution().assume(fmt::format("{} has a constraint {}", table.name, name));
  return nullptr;
}

void drop_constraint(const AlterStep& step, ObjectId table, ObjectId constraint) {
  drop_with_all(step, {table, constraint});
}

}  // namespace martlet
