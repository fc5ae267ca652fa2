// ALTER TABLE … ALTER CONSTRAINT (tablecmds.c, ATExecAlterConstraint).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/constraints.h"

namespace martlet {
namespace {

void change(const AlterStep& step, ObjectId table, ObjectId id, const PgQuery__Constraint& written) {
  Constraint& changed = *std::ranges::find(step.alter.edit(table).constraints, id, &Constraint::id);
  changed.deferrable = written.deferrable;
  changed.initially_deferred = written.initdeferred;
  std::vector<ObjectId> holders = step.alter.relation(table).children;
  holders.push_back(table);
  for (const ObjectId child : holders) {
    const std::vector<Constraint> below = step.alter.relation(child).constraints;
    for (const Constraint& each : below) {
      if (each.parent != id) continue;
      step.execution().lock(child, step.alter.lock);
      change(step, child, each.id, written);
    }
  }
}

void alter_constraint(const AlterStep& step) {
  const PgQuery__Constraint& written = *step.command.def->constraint;
  const Constraint* found = existing_constraint(step, written.conname);
  if (!found) return;
  const Constraint constraint = *found;
  const std::string& table = step.relation().name;
  if (constraint.kind != Constraint::Kind::foreign_key) {
    step.fail("42809", fmt::format("constraint \"{}\" of relation \"{}\" is not a foreign key constraint",
                                   constraint.name, table));
  }
  if (constraint.parent) {
    step.fail("55000", fmt::format("cannot alter constraint \"{}\" on relation \"{}\"", constraint.name, table));
  }
  const bool same = constraint.deferrable == static_cast<bool>(written.deferrable) &&
                    constraint.initially_deferred == static_cast<bool>(written.initdeferred);
  if (!same) change(step, step.table, constraint.id, written);
}

const Registered<AlterAction> kAlterConstraint{{
    .id = "AlterConstraint",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint,
    .words = "ALTER CONSTRAINT",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table,
    .execute = alter_constraint,
}};

}  // namespace
}  // namespace martlet
