// Columns and checks that a table has from its parents (tablecmds.c, MergeAttributes).
#include <fmt/format.h>

#include <algorithm>

#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"

namespace martlet {
namespace {

void take_column(const Execution& execution, Relation& table, const Column& of_parent) {
  for (Column& mine : table.columns) {
    if (mine.name != of_parent.name) continue;
    if (!(mine.type == of_parent.type) && mine.type.type != 0 && of_parent.type.type != 0) {
      execution.fail("42804", fmt::format("inherited column \"{}\" has a type conflict", mine.name));
    }
    mine.not_null |= of_parent.not_null;
    return;
  }
  Column taken = of_parent;
  taken.number = next_column_number(table);
  taken.inherited = true;
  taken.local = false;
  taken.owned_sequence = 0;
  taken.identity = Column::Identity::none;
  table.columns.push_back(std::move(taken));
}

void require_parent(const Execution& execution, const Relation& table, const Relation& parent, bool partition) {
  if (parent.assumed) return;
  if (parent.persistence == Persistence::temporary && table.persistence != Persistence::temporary) {
    execution.fail("42809", fmt::format("cannot inherit from temporary relation \"{}\"", parent.name));
  }
  if (partition && parent.kind != RelationKind::partitioned_table) {
    execution.fail("42809", fmt::format("\"{}\" is not partitioned", parent.name));
  }
  if (!partition && parent.kind == RelationKind::partitioned_table) {
    execution.fail("42809", fmt::format("cannot inherit from partitioned table \"{}\"", parent.name));
  }
  if (!partition && parent.partition.parent) {
    execution.fail("42809", fmt::format("cannot inherit from partition \"{}\"", parent.name));
  }
  if (parent.kind != RelationKind::table && parent.kind != RelationKind::foreign_table && !partition) {
    execution.fail("42809", fmt::format("inherited relation \"{}\" is not a table or foreign table", parent.name));
  }
}

}  // namespace

Parents inherit(Execution& execution, Relation& table, const PgQuery__CreateStmt& statement) {
  Parents parents;
  const bool partition = statement.partbound != nullptr;
  for (const Node* each : list(statement.n_inh_relations, statement.inh_relations)) {
    const RelationKind kind = partition ? RelationKind::partitioned_table : RelationKind::table;
    const Relation& parent = execution.relation(qualified_name(*each->range_var), kind);
    execution.lock(parent.id, partition ? LockMode::access_exclusive : LockMode::share_update_exclusive);
    require_parent(execution, table, parent, partition);
    table.columns_unknown |= parent.columns_unknown;
    for (const Column& column : parent.columns) take_column(execution, table, column);
    if (!partition) table.inherits.push_back(parent.id);
    parents.ids.push_back(parent.id);
  }
  return parents;
}

void inherit_checks(Execution& execution, ObjectId table, const Parents& parents) {
  for (const ObjectId id : parents.ids) {
    const std::vector<Constraint> constraints = execution.catalog.relations.get(id)->constraints;
    for (const Constraint& each : constraints) {
      if (each.kind != Constraint::Kind::check || each.no_inherit) continue;
      if (execution.catalog.relations.get(table)->constraint(each.name)) continue;
      Constraint copy = each;
      copy.id = execution.catalog.next_id();
      copy.inherited = true;
      copy.local = false;
      copy.validated = true;
      copy.columns = same_columns(execution.catalog, id, table, each.columns);
      execution.catalog.add_constraint(table, std::move(copy));
    }
  }
}

std::vector<int> same_columns(const Catalog& catalog, ObjectId from, ObjectId to, const std::vector<int>& columns) {
  const Relation& source = *catalog.relations.get(from);
  const Relation& target = *catalog.relations.get(to);
  std::vector<int> numbers;
  for (const int number : columns) {
    const Column* column = source.column(number);
    const Column* same = column ? target.column(column->name) : nullptr;
    numbers.push_back(same ? same->number : 0);
  }
  return numbers;
}

}  // namespace martlet
