#include "effects/alter_table/inheritance.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/alter_table/dependents.h"

namespace martlet {
namespace {

void merge_column(const AlterStep& step, Relation& table, const Column& of_parent, bool is_partition) {
  const Column* found = std::as_const(table).column(std::string_view(of_parent.name));
  if (!found) {
    if (table.columns_unknown) return;
    step.fail("42804", fmt::format("child table is missing column \"{}\"", of_parent.name));
  }
  Column& column = *table.column(found->number);
  if (column.type != of_parent.type && column.type.type && of_parent.type.type) {
    step.fail("42804",
              fmt::format("child table \"{}\" has different type for column \"{}\"", table.name, of_parent.name));
  }
  if (column.collation != of_parent.collation) {
    step.fail("42P21",
              fmt::format("child table \"{}\" has different collation for column \"{}\"", table.name, of_parent.name));
  }
  if (of_parent.not_null && !column.not_null && column.type.type) {
    step.fail("42804", fmt::format("column \"{}\" in child table must be marked NOT NULL", of_parent.name));
  }
  if (of_parent.generated && !column.generated) {
    step.fail("42804", fmt::format("column \"{}\" in child table must be a generated column", of_parent.name));
  }
  column.inherited = true;
  if (is_partition) column.local = false;
}

void merge_check(const AlterStep& step, Relation& table, const Constraint& of_parent, bool is_partition) {
  const auto at = std::ranges::find(table.constraints, of_parent.name, &Constraint::name);
  if (at == table.constraints.end() || at->kind != Constraint::Kind::check) {
    if (table.columns_unknown) return;
    step.fail("42804", fmt::format("child table is missing constraint \"{}\"", of_parent.name));
  }
  if (at->expression != of_parent.expression) {
    step.fail("42804", fmt::format("child table \"{}\" has different definition for check constraint \"{}\"",
                                   table.name, of_parent.name));
  }
  if (at->no_inherit) {
    step.fail("42P17", fmt::format("constraint \"{}\" conflicts with non-inherited constraint on child table \"{}\"",
                                   of_parent.name, table.name));
  }
  if (of_parent.validated && !at->validated) {
    step.fail("42P17", fmt::format("constraint \"{}\" conflicts with NOT VALID constraint on child table \"{}\"",
                                   of_parent.name, table.name));
  }
  at->inherited = true;
  if (is_partition) at->local = false;
}

bool is_inherited_check(const Constraint& constraint) {
  return constraint.kind == Constraint::Kind::check && !constraint.no_inherit;
}

}  // namespace

void merge_into_existing(const AlterStep& step, ObjectId child, ObjectId parent) {
  const Relation above = step.alter.relation(parent);
  const bool is_partition = above.kind == RelationKind::partitioned_table;
  Relation& table = step.alter.edit(child);
  for (const Column& each : above.columns) merge_column(step, table, each, is_partition);
  for (const Constraint& each : above.constraints) {
    if (is_inherited_check(each)) merge_check(step, table, each, is_partition);
  }
}

void make_local(const AlterStep& step, ObjectId child, ObjectId parent) {
  const Relation above = step.alter.relation(parent);
  const Catalog& catalog = step.execution().catalog;
  const auto others_have = [&](const std::string& name) {
    return parents_with_column(catalog, step.alter.relation(child), name) > 1;
  };
  std::vector<int> freed;
  for (const Column& each : step.alter.relation(child).columns) {
    if (above.column(std::string_view(each.name)) && !others_have(each.name)) freed.push_back(each.number);
  }
  Relation& table = step.alter.edit(child);
  for (const int number : freed) {
    Column& column = *table.column(number);
    column.inherited = false;
    column.local = true;
  }
  for (Constraint& each : table.constraints) {
    const Constraint* theirs = above.constraint(each.name);
    if (each.kind != Constraint::Kind::check || !theirs || !is_inherited_check(*theirs)) continue;
    each.inherited = false;
    each.local = true;
  }
}

}  // namespace martlet
