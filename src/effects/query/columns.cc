// The columns that a query names.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "effects/query/reader.h"
#include "sql/walk.h"

namespace martlet {
namespace {

void add_use(std::vector<ColumnUse>& uses, ObjectId relation, int column) {
  const bool there = std::ranges::any_of(
      uses, [&](const ColumnUse& each) { return each.relation == relation && each.column == column; });
  if (!there) uses.push_back({relation, column});
}

}  // namespace

std::vector<ColumnUse> QueryReader::dependencies() const {
  std::vector<ColumnUse> all = uses;
  for (const ObjectId relation : named) {
    const auto reads_it = [&](const ColumnUse& use) { return use.relation == relation; };
    if (std::ranges::none_of(uses, reads_it)) all.push_back({relation, 0});
  }
  return all;
}

void QueryReader::use(ObjectId relation, const std::vector<int>& columns) {
  if (std::ranges::find(named, relation) == named.end()) named.push_back(relation);
  for (const int column : columns) add_use(uses, relation, column);
}

const FromItem* source_of(const Catalog& catalog, const PgQuery__ColumnRef& column,
                          const std::vector<FromItem>& sources) {
  if (column.n_fields == 0) return nullptr;
  const std::string_view name = string_value(column.fields[column.n_fields - 1]);
  const std::string_view of = column.n_fields > 1 ? string_value(column.fields[column.n_fields - 2]) : "";
  const FromItem* maybe = nullptr;
  for (const FromItem& source : sources) {
    if (!of.empty()) {
      if (source.name == of) return &source;
      continue;
    }
    const Relation* relation = catalog.relations.get(source.relation);
    if (relation && relation->column(name)) return &source;
    if (!relation || relation->columns_unknown) maybe = &source;
  }
  return maybe;
}

void QueryReader::star(std::string_view of, const std::vector<FromItem>& sources) {
  for (const FromItem& source : sources) {
    if (source.relation == 0 || (!of.empty() && source.name != of)) continue;
    const Relation& relation = *execution.catalog.relations.get(source.relation);
    for (const Column& each : relation.columns) add_use(uses, relation.id, each.number);
  }
}

void QueryReader::require_unambiguous(std::string_view name, const std::vector<FromItem>& sources) const {
  bool found = false;
  for (const FromItem& source : sources) {
    const Relation* relation = execution.catalog.relations.get(source.relation);
    if (!relation || !relation->column(name)) continue;
    const auto merges = [&](const std::string& each) { return each == name || each == "*"; };
    if (found && std::ranges::none_of(source.merged, merges)) {
      execution.fail("42702", fmt::format("column reference \"{}\" is ambiguous", name));
    }
    found = true;
  }
}

void QueryReader::column(const PgQuery__ColumnRef& reference, const std::vector<FromItem>& sources) {
  if (reference.n_fields == 0) return;
  const Node& last = *reference.fields[reference.n_fields - 1];
  const std::string_view of = reference.n_fields > 1 ? string_value(reference.fields[reference.n_fields - 2]) : "";
  if (last.node_case == PG_QUERY__NODE__NODE_A_STAR) return star(of, sources);
  const std::string_view name = string_value(&last);
  if (of.empty()) require_unambiguous(name, sources);
  const FromItem* source = source_of(execution.catalog, reference, sources);
  const Relation* relation = source ? execution.catalog.relations.get(source->relation) : nullptr;
  const Column* found = relation ? relation->column(name) : nullptr;
  if (found) return add_use(uses, relation->id, found->number);
  const bool is_variable = sources.empty() && execution.in_body;
  const bool may_be_elsewhere = depth_ > 0 || is_variable || (source && (!relation || relation->columns_unknown));
  if (may_be_elsewhere) return;
  // A whole row by its table's name, or a system column.
  const auto is_row = [&](const FromItem& each) { return each.name == name; };
  constexpr std::array<std::string_view, 6> kSystem{"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"};
  if (std::ranges::any_of(sources, is_row) || std::ranges::find(kSystem, name) != kSystem.end()) return;
  // f(row) may be written row.f, so that a name with a table is not known to be wrong.
  if (!of.empty() && !source) {
    execution.fail("42P01", fmt::format("missing FROM-clause entry for table \"{}\"", of));
  }
  execution.fail("42703", of.empty() ? fmt::format("column \"{}\" does not exist", name)
                                     : fmt::format("column {}.{} does not exist", of, name));
}

void QueryReader::columns(const Node& node, const std::vector<FromItem>& sources) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      return column(*node.column_ref, sources);
    case PG_QUERY__NODE__NODE_A_CONST:
    case PG_QUERY__NODE__NODE_PARAM_REF:
      return;
    case PG_QUERY__NODE__NODE_SUB_LINK:
      if (node.sub_link->testexpr) columns(*node.sub_link->testexpr, sources);
      return;
    case PG_QUERY__NODE__NODE_TYPE_CAST:
      if (node.type_cast->arg) columns(*node.type_cast->arg, sources);
      return;
    default:
      each_child(node, [&](const Node& child) { columns(child, sources); });
  }
}

}  // namespace martlet
