// ALTER TABLE … SET LOGGED, SET UNLOGGED (tablecmds.c, ATPrepChangePersistence).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/action.h"

namespace martlet {
namespace {

// Permanent tables may not reference unlogged ones.
void check_foreign_keys(const AlterStep& step, Persistence to) {
  const Catalog& catalog = step.execution().catalog;
  const Relation& table = step.relation();
  if (to == Persistence::permanent) {
    for (const Constraint& each : table.constraints) {
      const Relation* target = catalog.relations.get(each.target);
      if (!target || target->id == table.id || target->persistence == Persistence::permanent) continue;
      step.fail("42P16",
                fmt::format("could not change table \"{}\" to logged because it references unlogged table \"{}\"",
                            table.name, target->name));
    }
    return;
  }
  for (const ObjectId id : table.referrers) {
    const Relation* referrer = catalog.relations.get(id);
    if (!referrer || id == table.id || referrer->persistence != Persistence::permanent) continue;
    step.fail("42P16",
              fmt::format("could not change table \"{}\" to unlogged because it references logged table \"{}\"",
                          table.name, referrer->name));
  }
}

bool changes(const AlterStep& step, Persistence to) {
  const Relation& table = step.relation();
  if (table.persistence == Persistence::temporary) {
    step.fail("42P16", fmt::format("cannot change logged status of table \"{}\" because it is temporary", table.name));
  }
  // Which of the two an assumed table is, nobody knows: it is taken to be the other one.
  if (table.assumed) return true;
  if (table.persistence == to) return false;
  if (to == Persistence::unlogged && !table.publications.empty()) {
    step.fail("55000",
              fmt::format("cannot change table \"{}\" to unlogged because it is part of a publication", table.name));
  }
  check_foreign_keys(step, to);
  return true;
}

void change(AlterTable& alter, ObjectId id, Persistence to) {
  const Relation before = alter.relation(id);
  alter.edit(id).persistence = to;
  for (const ObjectId index : before.indexes) alter.edit(index).persistence = to;
  for (const ObjectId sequence : before.sequences) {
    alter.execution.lock(sequence, LockMode::access_exclusive);
    alter.execution.new_file(sequence);
    alter.edit(sequence).persistence = to;
  }
}

// The server decides it before anything is executed; what the catalog says changes at the end.
template <Persistence to>
void prepare(const AlterStep& step) {
  AlteredTable& altered = step.alter.altered(step.table);
  if (altered.persistence_changed) step.fail("0A000", "cannot change persistence setting twice");
  if (!changes(step, to) || step.relation().is_partitioned()) return;
  altered.persistence_changed = true;
  altered.rewrite = true;
  if (step.relation().kind == RelationKind::sequence) altered.new_file = true;
  step.alter.later(AlterPass::miscellaneous, step.table,
                   [&alter = step.alter, table = step.table] { change(alter, table, to); });
}

AlterAction action(std::string_view id, PgQuery__AlterTableType type, std::string_view words,
                   void (*prepare_it)(const AlterStep& step)) {
  return {.id = id,
          .type = type,
          .words = words,
          .lock = LockMode::access_exclusive,
          .pass = AlterPass::miscellaneous,
          .targets = alter_target::table | alter_target::sequence,
          .execute = [](const AlterStep&) {},
          .prepare = prepare_it};
}

const Registered<AlterAction> kSetLogged{
    action("SetLogged", PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged, "SET LOGGED", prepare<Persistence::permanent>)};
const Registered<AlterAction> kSetUnlogged{
    action("SetUnLogged", PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged, "SET UNLOGGED", prepare<Persistence::unlogged>)};

}  // namespace
}  // namespace martlet
