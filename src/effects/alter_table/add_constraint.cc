// ALTER TABLE … ADD CONSTRAINT, and the constraints of ADD COLUMN (tablecmds.c, ATExecAddConstraint).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/constraints.h"
#include "effects/definition.h"

namespace martlet {
namespace {

bool is_key(const PgQuery__Constraint& constraint) {
  return constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY ||
         constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE ||
         constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION;
}

bool is_check(const PgQuery__Constraint& constraint) {
  return constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK;
}

bool is_foreign_key(const PgQuery__Constraint& constraint) {
  return constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN;
}

const PgQuery__Constraint& written(const PgQuery__AlterTableCmd& command) {
  return *command.def->constraint;
}

// What ONLY leaves out may not be left out.
void check_only(const AlterStep& step, const PgQuery__Constraint& constraint) {
  const Relation& table = step.relation();
  if (step.recurse) return;
  if (is_check(constraint) && !constraint.is_no_inherit && has_children(table)) {
    step.fail("42P16", "constraint must be added to child tables too");
  }
  if (is_foreign_key(constraint) && table.kind == RelationKind::partitioned_table) {
    step.fail("42809",
              fmt::format("cannot use ONLY for foreign key on partitioned table \"{}\" referencing relation \"{}\"",
                          table.name, constraint.pktable->relname));
  }
}

void check_kind(const AlterStep& step, const PgQuery__Constraint& constraint) {
  const Relation& table = step.relation();
  if (table.kind == RelationKind::foreign_table && !is_check(constraint)) {
    const std::string_view what = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY  ? "primary key"
                                  : constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE ? "unique"
                                  : is_foreign_key(constraint)                                 ? "foreign key"
                                                                                               : "exclusion";
    step.fail("0A000", fmt::format("{} constraints are not supported on foreign tables", what));
  }
  if (*constraint.indexname && table.kind == RelationKind::partitioned_table) {
    step.fail("0A000", "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables");
  }
}

void add(const AlterStep& step, const PgQuery__Constraint& constraint, std::string_view column) {
  check_kind(step, constraint);
  check_only(step, constraint);
  const Column* written_at = column.empty() ? nullptr : step.relation().column(column);
  add_constraint(step.execution(), step.table, constraint, written_at, step.recurse);
}

void execute_add_constraint(const AlterStep& step) {
  add(step, written(step.command), "");
}

// Keys are built in a pass of their own, foreign keys and CHECKs after them (ATParseTransformCmd).
AlterPass pass_of(const PgQuery__Constraint& constraint) {
  if (*constraint.indexname) return AlterPass::add_index_constraint;
  return is_key(constraint) ? AlterPass::add_index : AlterPass::add_other_constraint;
}

const Registered<AlterAction> kAddConstraint{{
    .id = "AddConstraint",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint,
    .words = "ADD CONSTRAINT",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::add_other_constraint,
    .targets = alter_target::table | alter_target::foreign_table,
    .execute = execute_add_constraint,
    .lock_of =
        [](const PgQuery__AlterTableCmd& command) {
          return is_foreign_key(written(command)) ? LockMode::share_row_exclusive : LockMode::access_exclusive;
        },
    .pass_of = [](const PgQuery__AlterTableCmd& command) { return pass_of(written(command)); },
}};

}  // namespace

bool is_table_constraint(const PgQuery__Constraint& constraint) {
  return is_key(constraint) || is_check(constraint) || is_foreign_key(constraint);
}

void queue_constraint(const AlterStep& step, const PgQuery__Constraint& constraint, std::string_view column) {
  step.alter.later(pass_of(constraint), step.table, [step, &constraint, column] { add(step, constraint, column); });
}

}  // namespace martlet
