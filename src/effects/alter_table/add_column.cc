// ALTER TABLE … ADD COLUMN (tablecmds.c, ATExecAddColumn).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/constraints.h"
#include "effects/alter_table/row_type.h"
#include "effects/alter_table/typed_tables.h"
#include "effects/coercion.h"
#include "effects/definition.h"
#include "effects/expression.h"

namespace martlet {
namespace {

void prepare_add_column(const AlterStep& step) {
  const Relation& table = step.relation();
  if (table.of_type && !step.recursing) step.fail("42809", "cannot add column to typed table");
  queue_typed_tables(step);
}

// A child that already has the column keeps it, and only learns that its parent has it as well.
bool merge_into_child(const AlterStep& step, ObjectId child, const Column& column) {
  const Relation& table = step.alter.relation(child);
  const Column* found = table.column(std::string_view(column.name));
  if (!found) return false;
  if (column.type.type && found->type.type && column.type != found->type) {
    step.fail("42804", fmt::format("child table \"{}\" has different type for column \"{}\"", table.name, column.name));
  }
  step.alter.edit(child).column(found->number)->inherited = true;
  return true;
}

bool is_there_already(const AlterStep& step, std::string_view name) {
  if (is_system_column(name)) {
    step.fail("42701", fmt::format("column name \"{}\" conflicts with a system column name", name));
  }
  if (!step.relation().column(name)) return false;
  if (step.command.missing_ok) return true;
  step.fail("42701", fmt::format("column \"{}\" of relation \"{}\" already exists", name, step.relation().name));
}

bool holds_rows(RelationKind kind) {
  return kind == RelationKind::table || kind == RelationKind::partitioned_table;
}

// DEFAULT NULL of a domain.
bool is_null_default(Execution& execution, const Column& column) {
  return !column.generated && expression_facts(execution, column.default_sql, nullptr).is_null_constant;
}

// What has to happen to the rows that are there.
void plan_values(const AlterStep& step, ObjectId id, const Column& column) {
  Execution& execution = step.execution();
  const Relation& table = step.alter.relation(id);
  if (!holds_rows(table.kind)) return;
  AlteredTable& altered = step.alter.altered(id);
  const bool is_identity = column.identity != Column::Identity::none;
  const bool checked_domain = has_domain_constraints(execution.catalog, column.type.type);
  const bool has_value = (!column.default_sql.empty() && !is_null_default(execution, column)) || is_identity;
  const bool varies = column.default_volatility >= Volatility::volatile_ || column.generated || is_identity;
  if (has_value || checked_domain) altered.new_values = true;
  if ((has_value && varies) || checked_domain) altered.rewrite = true;
  if (has_value) return;
  if (column.not_null) {
    altered.scan = true;
    altered.null_column = fmt::format("column \"{}\" of relation \"{}\" contains null values", column.name, table.name);
  } else if (is_domain_not_null(execution.catalog, column.type.type)) {
    altered.null_column =
        fmt::format("domain {} does not allow null values", type_text(execution.catalog, column.type));
  }
}

void queue_constraints(const AlterStep& step, const PgQuery__ColumnDef& definition) {
  for (const Node* each : list(definition.n_constraints, definition.constraints)) {
    if (each->node_case != PG_QUERY__NODE__NODE_CONSTRAINT) continue;
    if (is_table_constraint(*each->constraint)) queue_constraint(step, *each->constraint, definition.colname);
  }
}

bool is_identity(const PgQuery__ColumnDef& definition) {
  return std::ranges::any_of(list(definition.n_constraints, definition.constraints), [](const Node* each) {
    return each->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
           each->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY;
  });
}

// The functions it calls, and the sequences it takes values from while rows are written.
void note_default(const AlterStep& step, ObjectId table, const Column& column) {
  Execution& execution = step.execution();
  const ExpressionFacts facts = expression_facts(execution, column.default_sql, &step.alter.relation(table));
  note_calls(execution, table, facts);
  if (!step.alter.altered(table).rewrite || !may_have_rows(step.alter.relation(table))) return;
  for (const std::string& name : facts.sequences) {
    const auto dot = name.rfind('.');
    const QualifiedName qualified = dot == std::string::npos ? QualifiedName{.schema = "", .name = name}
                                                             : QualifiedName{name.substr(0, dot), name.substr(dot + 1)};
    if (const Relation* sequence = execution.find_relation(qualified)) {
      execution.lock(sequence->id, LockMode::row_exclusive);
    }
  }
}

void append(const AlterStep& step, ObjectId table, Column column, bool inherited) {
  column.number = next_column_number(step.alter.relation(table));
  column.inherited = inherited;
  column.local = !inherited;
  plan_values(step, table, column);
  if (!column.default_sql.empty() && !column.owned_sequence) note_default(step, table, column);
  step.alter.edit(table).columns.push_back(std::move(column));
}

void add_to_children(const AlterStep& step, ObjectId table, const Column& column) {
  for (const ObjectId child : lock_children(step.execution(), table, step.alter.lock)) {
    if (merge_into_child(step, child, column)) continue;
    append(step, child, column, true);
    add_to_children(step, child, column);
  }
}

void check_children(const AlterStep& step, const PgQuery__ColumnDef& definition) {
  if (!has_children(step.relation())) return;
  if (is_identity(definition) && step.recurse) {
    step.fail("42P16", "cannot recursively add identity column to table that has child tables");
  }
  if (!step.recurse) step.fail("42P16", "column must be added to child tables too");
}

void warn_of_unknown(const AlterStep& step, const Column& column) {
  if (column.default_sql.empty() || column.default_volatility != Volatility::unknown) return;
  step.execution().assume(fmt::format("{} is volatile", column.default_sql));
}

void add_column(const AlterStep& step) {
  const PgQuery__ColumnDef& definition = *step.command.def->column_def;
  if (step.relation().partition.parent) step.fail("42809", "cannot add column to a partition");
  if (is_there_already(step, definition.colname)) return;
  check_children(step, definition);
  const Column column = make_column(step.execution(), definition, step.relation());
  warn_of_unknown(step, column);
  if (contains_row_type(step.execution().catalog, column.type.type, step.relation())) {
    step.fail("42P16", fmt::format("composite type {} cannot be made a member of itself", step.relation().name));
  }
  append(step, step.table, column, false);
  queue_constraints(step, definition);
  Column copy = column;  // a child's default reads the parent's sequence
  copy.owned_sequence = 0;
  add_to_children(step, step.table, copy);
}

const Registered<AlterAction> kAddColumn{{
    .id = "AddColumn",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn,
    .words = "ADD COLUMN",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::add_column,
    .targets = alter_target::table | alter_target::composite_type | alter_target::foreign_table,
    .execute = add_column,
    .prepare = prepare_add_column,
}};

}  // namespace
}  // namespace martlet
