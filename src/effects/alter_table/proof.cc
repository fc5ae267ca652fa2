#include "effects/alter_table/proof.h"

#include <algorithm>
#include <array>
#include <optional>

#include "effects/alter_table/literal.h"
#include "sql/tree.h"

namespace martlet {
namespace {

using Kind = Condition::Kind;

struct Comparison {
  std::string_view name, opposite, flipped;
};
constexpr std::array<Comparison, 6> kComparisons{
    {{"<", ">=", ">"}, {"<=", ">", ">="}, {"=", "<>", "="}, {">=", "<", "<="}, {">", "<=", "<"}, {"<>", "=", "<>"}}};

const Comparison* comparison_named(std::string_view name) {
  const auto at = std::ranges::find(kComparisons, name, &Comparison::name);
  return at == kComparisons.end() ? nullptr : &*at;
}

// ── expressions → conditions ──

std::string column_of(const Node& node) {
  // (name)::text: what the server puts around a varchar, which changes nothing.
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return column_of(*node.type_cast->arg);
  if (node.node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return "";
  const PgQuery__ColumnRef& reference = *node.column_ref;
  return std::string(string_value(reference.fields[reference.n_fields - 1]));
}

Condition compare(std::string column, std::string_view comparison, std::string value) {
  return {.kind = Kind::compare,
          .column = std::move(column),
          .comparison = std::string(comparison),
          .value = std::move(value)};
}

Condition unread(const Node& node) {
  return {.kind = Kind::other, .text = deparse_expression(node)};
}

Condition read_comparison(const Node& node, const Node& left, std::string_view name, const Node& right) {
  const Comparison* comparison = comparison_named(name);
  if (!comparison) return unread(node);
  if (const auto value = literal_text(right); value && !column_of(left).empty()) {
    return compare(column_of(left), comparison->name, *value);
  }
  if (const auto value = literal_text(left); value && !column_of(right).empty()) {
    return compare(column_of(right), comparison->flipped, *value);
  }
  return unread(node);
}

// column = any of the values, or <> all of them.
Condition read_list(const Node& node, const Node& left, std::string_view name, std::size_t count, Node* const* values,
                    Kind kind) {
  Condition condition{.kind = kind};
  for (const Node* each : list(count, values)) {
    condition.parts.push_back(read_comparison(node, left, name, *each));
  }
  return condition;
}

Condition read_operation(const Node& node) {
  const PgQuery__AExpr& operation = *node.a_expr;
  if (!operation.lexpr || !operation.rexpr || operation.n_name != 1) return unread(node);
  const std::string_view name = string_value(operation.name[0]);
  const Node& right = *operation.rexpr;
  const Kind many = name == "<>" ? Kind::all : Kind::any;
  switch (operation.kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
      return read_comparison(node, *operation.lexpr, name, right);
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
      return read_list(node, *operation.lexpr, name, right.list->n_items, right.list->items, many);
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL: {
      const Node& array = right.node_case == PG_QUERY__NODE__NODE_TYPE_CAST ? *right.type_cast->arg : right;
      if (array.node_case != PG_QUERY__NODE__NODE_A_ARRAY_EXPR) return unread(node);
      const bool is_any = operation.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY;
      return read_list(node, *operation.lexpr, name, array.a_array_expr->n_elements, array.a_array_expr->elements,
                       is_any ? Kind::any : Kind::all);
    }
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
      return {.kind = Kind::all,
              .parts = {read_comparison(node, *operation.lexpr, ">=", *right.list->items[0]),
                        read_comparison(node, *operation.lexpr, "<=", *right.list->items[1])}};
    default:
      return unread(node);
  }
}

Condition read_logic(const PgQuery__BoolExpr& logic) {
  if (logic.boolop == PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR) return opposite(read_condition(*logic.args[0]));
  Condition condition{.kind = logic.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR ? Kind::all : Kind::any};
  for (const Node* each : list(logic.n_args, logic.args)) condition.parts.push_back(read_condition(*each));
  return condition;
}

// ── what follows from what ──

// Everything that is so `given` is a value of the column: does `wanted` hold for it?
bool comparison_implies(const Condition& given, const Condition& wanted) {
  const std::optional<int> order = compare_literals(given.value, wanted.value);
  if (!order) return false;
  const std::string& is = given.comparison;
  const std::string& must = wanted.comparison;
  if (is == "=") {
    if (must == "<") return *order < 0;
    if (must == "<=") return *order <= 0;
    if (must == "=") return *order == 0;
    if (must == ">=") return *order >= 0;
    if (must == ">") return *order > 0;
    return *order != 0;
  }
  if (is == "<>") return must == "<>" && *order == 0;
  const bool below = is.starts_with('<');
  const bool strict = is.size() == 1;
  const int distance = below ? -*order : *order;  // ≥ 0: the given bound is at least as narrow
  if (must == "<>") return strict ? distance >= 0 : distance > 0;
  if (must.starts_with('<') != below || must == "=") return false;
  return must.size() == 1 && !strict ? distance > 0 : distance >= 0;
}

bool atom_implies(const Condition& given, const Condition& wanted) {
  if (given.kind != wanted.kind) return false;
  if (given.kind == Kind::other) return !given.text.empty() && given.text == wanted.text;
  if (given.column != wanted.column) return false;
  return given.kind != Kind::compare || comparison_implies(given, wanted);
}

bool implies(const Condition& given, const Condition& wanted) {
  if (wanted.kind == Kind::all) {
    return std::ranges::all_of(wanted.parts, [&](const Condition& each) { return implies(given, each); });
  }
  if (given.kind == Kind::any) {
    return !given.parts.empty() &&
           std::ranges::all_of(given.parts, [&](const Condition& each) { return implies(each, wanted); });
  }
  if (given.kind == Kind::all) {
    if (std::ranges::any_of(given.parts, [&](const Condition& each) { return implies(each, wanted); })) return true;
  }
  if (wanted.kind == Kind::any) {
    return std::ranges::any_of(wanted.parts, [&](const Condition& each) { return implies(given, each); });
  }
  return given.kind != Kind::all && atom_implies(given, wanted);
}

// All that holds for each row of the table.
Condition constraints_of(const Relation& table) {
  Condition all{.kind = Kind::all};
  for (const Constraint& each : table.constraints) {
    if (each.kind != Constraint::Kind::check || !each.validated) continue;
    visit_trees({{.text = "SELECT " + each.expression}}, [&](const Statement&, const Tree& tree) {
      const Node* select = tree.nodes ? statement_node(*tree.nodes) : nullptr;
      if (!select || select->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return;
      if (select->select_stmt->n_target_list != 1) return;
      all.parts.push_back(read_condition(*select->select_stmt->target_list[0]->res_target->val));
    });
  }
  return all;
}

}  // namespace

Condition read_condition(const Node& expression) {
  switch (expression.node_case) {
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
      return read_logic(*expression.bool_expr);
    case PG_QUERY__NODE__NODE_A_EXPR:
      return read_operation(expression);
    case PG_QUERY__NODE__NODE_NULL_TEST: {
      const std::string column = column_of(*expression.null_test->arg);
      if (column.empty()) return unread(expression);
      const bool is_null = expression.null_test->nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL;
      return {.kind = is_null ? Kind::is_null : Kind::is_not_null, .column = column};
    }
    default:
      return unread(expression);
  }
}

Condition opposite(const Condition& condition) {
  Condition other = condition;
  switch (condition.kind) {
    case Kind::all:
    case Kind::any:
      other.kind = condition.kind == Kind::all ? Kind::any : Kind::all;
      for (Condition& each : other.parts) each = opposite(each);
      break;
    case Kind::compare:
      other.comparison = comparison_named(condition.comparison)->opposite;
      break;
    case Kind::is_null:
      other.kind = Kind::is_not_null;
      break;
    case Kind::is_not_null:
      other.kind = Kind::is_null;
      break;
    case Kind::other:
      other.text = condition.text.empty() ? "" : "NOT " + condition.text;
      break;
  }
  return other;
}

bool proves(const Relation& table, const Condition& condition) {
  Condition given = constraints_of(table);
  for (const Column& each : table.columns) {
    if (each.not_null) given.parts.push_back({.kind = Kind::is_not_null, .column = each.name});
  }
  return implies(given, condition);
}

bool proves_not_null(const Relation& table, const Column& column) {
  return implies(constraints_of(table), {.kind = Kind::is_not_null, .column = column.name});
}

}  // namespace martlet
