// May an index lead to the rows a condition wants? What the planner can do, not what it costs: small tables apart.
#include <algorithm>
#include <array>
#include <optional>

#include "effects/alter_table/literal.h"
#include "effects/query/reader.h"
#include "effects/rows.h"
#include "sql/walk.h"

namespace martlet {
namespace {

// indxpath.c: what a btree can look up. The order of the keys lets it answer < and > too.
constexpr std::array<std::string_view, 5> kOperators{"=", "<", ">", "<=", ">="};

// costsize.c with its defaults: one row by index costs about 8, a page 1 and a row 0.0125. Of a table that was never
// analysed the planner takes at least ten pages (plancat.c, estimate_rel_size).
bool is_too_small(const Relation& table) {
  if (table.pages < 0 || table.tuples < 0 || !table.analysed) return false;
  return static_cast<double>(table.pages) + 0.0125 * table.tuples < 8.3;
}

bool is_constant(const Node& node, bool wanted) {
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return is_constant(*node.type_cast->arg, wanted);
  if (node.node_case != PG_QUERY__NODE__NODE_A_CONST) return false;
  if (node.a_const->isnull) return !wanted;
  return node.a_const->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL && (node.a_const->boolval->boolval != 0) == wanted;
}

// Of two literals: 1 = 0.
bool is_false_comparison(const Node& node) {
  if (node.node_case != PG_QUERY__NODE__NODE_A_EXPR || node.a_expr->kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP) {
    return false;
  }
  const PgQuery__AExpr& expression = *node.a_expr;
  if (!expression.lexpr || !expression.rexpr) return false;
  const std::optional<std::string> left = literal_text(*expression.lexpr), right = literal_text(*expression.rexpr);
  const std::optional<int> order = left && right ? compare_literals(*left, *right) : std::nullopt;
  const std::string_view name = string_value(expression.name[expression.n_name - 1]);
  if (!order) return false;
  return (name == "=" && *order != 0) || (name == "<>" && *order == 0) || (name == "<" && *order >= 0) ||
         (name == ">" && *order <= 0);
}

// A partition's own indexes count.
bool has_index_on(const Catalog& catalog, const Relation& table, const std::string& name) {
  const Column* column = table.column(name);
  if (!column) return false;
  // The planner looks through a view of one table.
  if (table.kind == RelationKind::view && table.view && !table.view->uses.empty()) {
    const Relation* base = catalog.relations.get(table.view->uses.front().relation);
    return base && base->id != table.id && !is_too_small(*base) && has_index_on(catalog, *base, name);
  }
  if (is_leading_column(catalog, table, column->number)) return true;
  return table.kind == RelationKind::partitioned_table && !table.children.empty() &&
         std::ranges::all_of(table.children, [&](ObjectId child) {
           const Relation* partition = catalog.relations.get(child);
           return partition && has_index_on(catalog, *partition, name);
         });
}

struct Side {
  const Catalog& catalog;
  const FromItem& source;
  const std::vector<FromItem>& sources;

  bool is_indexed_column(const Node* node) const {
    if (!node || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
    const PgQuery__ColumnRef& column = *node->column_ref;
    if (source_of(catalog, column, sources) != &source) return false;
    const Relation* table = catalog.relations.get(source.relation);
    if (!table || is_too_small(*table)) return false;
    // Of a table nobody has seen it is not known which indexes it has: taken to be there.
    if (table->assumed && table->indexes.empty()) return true;
    return has_index_on(catalog, *table, std::string(string_value(column.fields[column.n_fields - 1])));
  }

  Restriction value(const Node* node) const {
    if (!node) return Restriction::none;
    if (node->node_case == PG_QUERY__NODE__NODE_SUB_LINK) return Restriction::constant;
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
      const FromItem* of = source_of(catalog, *node->column_ref, sources);
      if (of == &source) return Restriction::none;
      return !of || of->restricted ? Restriction::constant : Restriction::joined;
    }
    Restriction worst = Restriction::constant;
    each_child(*node, [&](const Node& child) { worst = std::min(worst, value(&child)); });
    return worst;
  }

  Restriction comparison(const PgQuery__AExpr& expression) const {
    const std::string_view name = string_value(expression.name[expression.n_name - 1]);
    if (std::ranges::find(kOperators, name) == kOperators.end()) return Restriction::none;
    if (is_indexed_column(expression.lexpr)) return value(expression.rexpr);
    return is_indexed_column(expression.rexpr) ? value(expression.lexpr) : Restriction::none;
  }

  Restriction of(const PgQuery__AExpr& expression) const {
    switch (expression.kind) {
      case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
        return comparison(expression);
      case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
      case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
        if (string_value(expression.name[0]) != "=") return Restriction::none;
        return is_indexed_column(expression.lexpr) ? value(expression.rexpr) : Restriction::none;
      case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
        return is_indexed_column(expression.lexpr) ? value(expression.rexpr) : Restriction::none;
      default:
        return Restriction::none;
    }
  }

  Restriction of(const PgQuery__BoolExpr& expression) const {
    const bool all = expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR;
    if (expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR) return Restriction::none;
    Restriction result = all ? Restriction::constant : Restriction::none;
    for (const Node* each : list(expression.n_args, expression.args)) {
      const Restriction one = of_node(*each);
      result = all ? std::min(result, one) : std::max(result, one);
    }
    return result;
  }

  Restriction of_node(const Node& node) const {
    switch (node.node_case) {
      case PG_QUERY__NODE__NODE_A_EXPR:
        return of(*node.a_expr);
      case PG_QUERY__NODE__NODE_BOOL_EXPR:
        return of(*node.bool_expr);
      case PG_QUERY__NODE__NODE_NULL_TEST: {
        const bool is_null = node.null_test->nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL;
        return is_null && is_indexed_column(node.null_test->arg) ? Restriction::constant : Restriction::none;
      }
      case PG_QUERY__NODE__NODE_CURRENT_OF_EXPR:
        return source.is_target ? Restriction::constant : Restriction::none;
      default:
        return Restriction::none;
    }
  }
};

bool calls(const Node& node) {
  bool found = node.node_case == PG_QUERY__NODE__NODE_FUNC_CALL;
  each_child(node, [&](const Node& child) { found |= calls(child); });
  return found;
}

// EXISTS of a table that the database counts no rows of: asked once, before anything else is read.
bool finds_nothing(const Execution& execution, const Node& condition) {
  if (condition.node_case != PG_QUERY__NODE__NODE_SUB_LINK) return false;
  const PgQuery__SubLink& link = *condition.sub_link;
  if (link.sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK) return false;
  const PgQuery__SelectStmt& query = *link.subselect->select_stmt;
  const bool is_plain = query.n_from_clause == 1 && !query.where_clause && !query.larg &&
                        query.from_clause[0]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR;
  const Relation* table =
      is_plain ? execution.find_relation(qualified_name(*query.from_clause[0]->range_var)) : nullptr;
  return table && table->kind == RelationKind::table && table->children.empty() && !may_have_rows(*table);
}

}  // namespace

bool wants_nothing(const Execution& execution, const Node* where) {
  std::vector<const Node*> conditions;
  split_conditions(where, conditions);
  return std::ranges::any_of(conditions,
                             [&](const Node* each) { return is_never_true(*each) || finds_nothing(execution, *each); });
}

void split_conditions(const Node* condition, std::vector<const Node*>& all) {
  if (!condition) return;
  const bool joined = condition->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
                      condition->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR;
  if (!joined) return all.push_back(condition);
  for (const Node* each : list(condition->bool_expr->n_args, condition->bool_expr->args)) split_conditions(each, all);
}

bool is_never_true(const Node& condition) {
  if (is_constant(condition, false) || is_false_comparison(condition)) return true;
  if (condition.node_case != PG_QUERY__NODE__NODE_BOOL_EXPR) return false;
  const PgQuery__BoolExpr& expression = *condition.bool_expr;
  const auto parts = list(expression.n_args, expression.args);
  const auto never = [](const Node* each) { return is_never_true(*each); };
  switch (expression.boolop) {
    case PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR:
      return std::ranges::any_of(parts, never);
    case PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR:
      return std::ranges::all_of(parts, never);
    default:
      return is_constant(*parts.front(), true);
  }
}

bool gives_no_rows(const PgQuery__SelectStmt& query) {
  if (query.limit_count && literal_text(*query.limit_count) == "0") return true;
  if (!query.where_clause || !is_never_true(*query.where_clause)) return false;
  // An aggregate gives a row for none.
  return std::ranges::none_of(list(query.n_target_list, query.target_list),
                              [](const Node* each) { return calls(*each); });
}

bool is_worth_an_index(const Relation& table) {
  return !is_too_small(table);
}

bool is_leading_column(const Catalog& catalog, const Relation& table, int column) {
  if (is_too_small(table)) return false;
  return std::ranges::any_of(table.indexes, [&](ObjectId id) {
    const Relation* relation = catalog.relations.get(id);
    const IndexDefinition& index = *relation->index;
    return index.valid && index.predicate.empty() && index.method == "btree" && !index.keys.empty() &&
           index.keys.front().column == column;
  });
}

Restriction restriction(const Catalog& catalog, const Node& condition, const FromItem& source,
                        const std::vector<FromItem>& sources) {
  return Side{catalog, source, sources}.of_node(condition);
}

}  // namespace martlet
