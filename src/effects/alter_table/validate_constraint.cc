// ALTER TABLE … VALIDATE CONSTRAINT (tablecmds.c, ATExecValidateConstraint).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/constraints.h"
#include "effects/referenced_rows.h"

namespace martlet {
namespace {

void mark_validated(const AlterStep& step, ObjectId table, const std::string& name) {
  std::ranges::find(step.alter.edit(table).constraints, name, &Constraint::name)->validated = true;
}

void validate_check(const AlterStep& step, const Constraint& check) {
  if (!check.no_inherit) {
    for (const ObjectId child : lock_descendants(step.execution(), step.table, step.alter.lock)) {
      if (!step.recurse) step.fail("42P16", "constraint must be validated on child tables too");
      const Constraint* copy = step.alter.relation(child).constraint(check.name);
      if (!copy || copy->validated) continue;
      step.alter.altered(child).scan = true;
      mark_validated(step, child, check.name);
    }
  }
  step.alter.altered(step.table).scan = true;
  mark_validated(step, step.table, check.name);
}

void validate_foreign_key(const AlterStep& step, const Constraint& key) {
  step.execution().lock(key.target, LockMode::row_share);
  step.execution().scan(step.table);
  if (reads_referenced(step.relation(), step.alter.relation(key.target))) step.execution().scan(key.target);
  mark_validated(step, step.table, key.name);
}

void validate_constraint(const AlterStep& step) {
  const Constraint* found = existing_constraint(step, step.command.name);
  if (!found) {
    step.alter.altered(step.table).scan = true;
    return;
  }
  const Constraint constraint = *found;
  const bool is_foreign_key = constraint.kind == Constraint::Kind::foreign_key;
  if (!is_foreign_key && constraint.kind != Constraint::Kind::check) {
    step.fail("42809", fmt::format("constraint \"{}\" of relation \"{}\" is not a foreign key or check constraint",
                                   constraint.name, step.relation().name));
  }
  if (constraint.validated) return;
  if (is_foreign_key) return validate_foreign_key(step, constraint);
  validate_check(step, constraint);
}

const Registered<AlterAction> kValidateConstraint{{
    .id = "ValidateConstraint",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint,
    .words = "VALIDATE CONSTRAINT",
    .lock = LockMode::share_update_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::foreign_table,
    .execute = validate_constraint,
}};

}  // namespace
}  // namespace martlet
