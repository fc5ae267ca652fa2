#include "recipe/bound.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "recipe/build.h"

namespace martlet {
namespace {

// The columns of the key; empty where one is an expression.
std::vector<std::string> key_columns(const Relation& parent) {
  std::vector<std::string> columns;
  for (const int number : parent.partition.key_columns) {
    const Column* column = parent.column(number);
    if (!column) return {};
    columns.push_back(quote_where_needed(column->name));
  }
  return columns;
}

// MINVALUE and MAXVALUE are column references to the parser.
bool is_word(const Node& node, std::string_view word) {
  if (node.node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
  const PgQuery__ColumnRef& column = *node.column_ref;
  return column.n_fields == 1 && lower(string_value(column.fields[0])) == word;
}

bool is_infinite(const Node& node) {
  return is_word(node, "minvalue") || is_word(node, "maxvalue");
}

enum class Side { lower, upper };

// `a > 1 OR a = 1 AND b >= 2`: one disjunct for each column, the last with the bound itself in or out.
std::string side_condition(const std::vector<std::string>& columns, std::size_t count, Node* const* bounds, Side side) {
  std::vector<std::string> alternatives;
  std::string equal;
  for (std::size_t i = 0; i < count && i < columns.size(); ++i) {
    const Node& bound = *bounds[i];
    if (is_infinite(bound)) {
      if (is_word(bound, side == Side::lower ? "maxvalue" : "minvalue")) break;
      if (i == 0) return "";
      alternatives.push_back(equal);
      break;
    }
    const bool last = i + 1 == columns.size();
    const std::string_view strict = side == Side::lower ? ">" : "<";
    const std::string_view sign = last && side == Side::lower ? ">=" : strict;
    const std::string value = deparse_expression(bound);
    const std::string comparison = fmt::format("{} {} {}", columns[i], sign, value);
    alternatives.push_back(equal.empty() ? comparison : fmt::format("{} AND {}", equal, comparison));
    equal += fmt::format("{}{} = {}", equal.empty() ? "" : " AND ", columns[i], value);
  }
  if (alternatives.size() == 1) return alternatives.front();
  for (std::string& each : alternatives) each = "(" + each + ")";
  return "(" + join(alternatives, " OR ") + ")";
}

std::string range_condition(const std::vector<std::string>& columns, const PgQuery__PartitionBoundSpec& bound) {
  std::vector<std::string> parts;
  for (const std::string& column : columns) parts.push_back(column + " IS NOT NULL");
  const std::string low = side_condition(columns, bound.n_lowerdatums, bound.lowerdatums, Side::lower);
  const std::string high = side_condition(columns, bound.n_upperdatums, bound.upperdatums, Side::upper);
  if (!low.empty()) parts.push_back(low);
  if (!high.empty()) parts.push_back(high);
  return join(parts, " AND ");
}

bool is_null(const Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_A_CONST && node.a_const->isnull;
}

std::string list_condition(const std::string& column, const PgQuery__PartitionBoundSpec& bound) {
  std::vector<std::string> values;
  bool null = false;
  for (const Node* each : list(bound.n_listdatums, bound.listdatums)) {
    if (is_null(*each)) {
      null = true;
    } else {
      values.push_back(deparse_expression(*each));
    }
  }
  if (values.empty()) return column + " IS NULL";
  const std::string one_of = values.size() == 1 ? fmt::format("{} = {}", column, values.front())
                                                : fmt::format("{} IN ({})", column, join(values, ", "));
  return fmt::format("{} {} {}", column, null ? "IS NULL OR" : "IS NOT NULL AND", one_of);
}

struct Guard {
  const Relation& table;
  std::string name;
  std::string condition;
};

void add_guard(const Operation& operation, const Guard& guard, std::vector<RecipeStep>& steps) {
  steps.push_back(step(alter_table(
      operation, guard.table, fmt::format("ADD CONSTRAINT {} CHECK ({}) NOT VALID", guard.name, guard.condition))));
  steps.push_back(step(alter_table(operation, guard.table, "VALIDATE CONSTRAINT " + guard.name),
                       "reads the table while it is read and written"));
}

}  // namespace

std::string bound_condition(const Relation& parent, const PgQuery__PartitionBoundSpec& bound) {
  const std::vector<std::string> columns = key_columns(parent);
  if (bound.is_default || columns.empty()) return "";
  if (parent.partition.strategy == 'r') return range_condition(columns, bound);
  if (parent.partition.strategy == 'l') return list_condition(columns.front(), bound);
  return "";
}

std::vector<RecipeStep> attach_with_checks(const Operation& operation, const Relation& parent,
                                           const Relation* candidate, const PgQuery__PartitionBoundSpec& bound,
                                           const std::string& attach) {
  const std::string condition = bound_condition(parent, bound);
  if (condition.empty()) return {};
  std::vector<Guard> guards;
  const auto guard_name = [&](const Relation& table, std::string_view what) {
    return quote_where_needed(free_constraint(operation, table, object_name(table.name, what, "check")));
  };
  if (candidate) guards.push_back({*candidate, guard_name(*candidate, "attach"), condition});
  const Relation* rest = operation.before.relation(parent.partition.default_partition);
  if (rest) guards.push_back({*rest, guard_name(*rest, "excludes"), fmt::format("NOT ({})", condition)});
  std::vector<RecipeStep> steps;
  for (const Guard& each : guards) add_guard(operation, each, steps);
  steps.push_back(step(attach, guards.empty() ? "" : "the CHECKs prove it: no scan"));
  for (const Guard& each : guards) {
    steps.push_back(step(alter_table(operation, each.table, "DROP CONSTRAINT " + each.name)));
  }
  return steps;
}

// table_column_check, of the key: ChooseConstraintName for a CHECK without a name takes the one column that it reads,
// and none where it reads several. Hash bounds leave one as well, by a name of the same making.
std::string name_of_left_check(const Operation& operation, const Relation& parent, const Relation& partition) {
  const std::vector<int>& key = parent.partition.key_columns;
  const Column* column = key.size() == 1 ? parent.column(key.front()) : nullptr;
  return free_constraint(operation, partition, object_name(partition.name, column ? column->name : "", "check"));
}

}  // namespace martlet
