#include "hazard/row_changes.h"

#include <algorithm>
#include <set>

namespace martlet {
namespace {

bool is_value(const Node* node) {
  while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) node = node->type_cast->arg;
  return node && (node->node_case == PG_QUERY__NODE__NODE_A_CONST || node->node_case == PG_QUERY__NODE__NODE_PARAM_REF);
}

// `column = 1`, `column IN (1, 2)`.
bool is_comparison_with_values(const PgQuery__AExpr& expression) {
  const bool is_in = expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_IN;
  if (!is_in && expression.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP) return false;
  if (expression.n_name != 1 || string_value(expression.name[0]) != "=" || !expression.lexpr || !expression.rexpr) {
    return false;
  }
  if (expression.lexpr->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
  if (!is_in) return is_value(expression.rexpr);
  if (expression.rexpr->node_case != PG_QUERY__NODE__NODE_LIST) return false;
  return std::ranges::all_of(list(expression.rexpr->list->n_items, expression.rexpr->list->items), is_value);
}

// The columns that a condition fixes to values.
void add_fixed(const Node* condition, const Relation& table, std::set<int>& columns) {
  if (!condition) return;
  if (condition->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
      condition->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR) {
    for (const Node* each : list(condition->bool_expr->n_args, condition->bool_expr->args)) {
      add_fixed(each, table, columns);
    }
  }
  if (condition->node_case != PG_QUERY__NODE__NODE_A_EXPR || !is_comparison_with_values(*condition->a_expr)) return;
  const PgQuery__ColumnRef& reference = *condition->a_expr->lexpr->column_ref;
  const Column* column = table.column(string_value(reference.fields[reference.n_fields - 1]));
  if (column) columns.insert(column->number);
}

bool fixes_all(const std::set<int>& fixed, const std::vector<int>& columns) {
  return !columns.empty() && std::ranges::all_of(columns, [&](int column) { return fixed.contains(column); });
}

bool names_key(const Node* condition, const Relation* table, const Catalog& catalog) {
  if (!condition || !table) return false;
  std::set<int> fixed;
  add_fixed(condition, *table, fixed);
  return !fixed.empty() && std::ranges::any_of(table->indexes, [&](ObjectId id) {
    const Relation* relation = catalog.relations.get(id);
    if (!relation || !relation->index) return false;
    const IndexDefinition& index = *relation->index;
    std::vector<int> columns;
    for (const IndexKey& key : index.keys) columns.push_back(key.column);
    return index.unique && index.valid && index.predicate.empty() && fixes_all(fixed, columns);
  });
}

// VALUES, and SELECT without FROM.
bool lists_rows(const PgQuery__SelectStmt& select) {
  if (select.op != PG_QUERY__SET_OPERATION__SETOP_NONE) return lists_rows(*select.larg) && lists_rows(*select.rarg);
  return select.n_from_clause == 0;
}

bool lists_rows(const Node* query) {
  return !query || (query->node_case == PG_QUERY__NODE__NODE_SELECT_STMT && lists_rows(*query->select_stmt));
}

struct Written {
  const PgQuery__RangeVar* range = nullptr;
  const Node* condition = nullptr;
  bool lists_rows = false;
  const PgQuery__WithClause* with = nullptr;
};

Written written(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT: {
      const PgQuery__InsertStmt& insert = *node.insert_stmt;
      return {insert.relation, nullptr, lists_rows(insert.select_stmt), insert.with_clause};
    }
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return {node.update_stmt->relation, node.update_stmt->where_clause, false, node.update_stmt->with_clause};
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return {node.delete_stmt->relation, node.delete_stmt->where_clause, false, node.delete_stmt->with_clause};
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return {node.merge_stmt->relation, nullptr, false, node.merge_stmt->with_clause};
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      return {.with = node.select_stmt->with_clause};
    default:
      return {};
  }
}

}  // namespace

void each_row_change(const Node& node, const Catalog& catalog, const FindTable& find,
                     const std::function<void(const ChangedTableRows&)>& visit) {
  const Written change = written(node);
  if (change.with) {
    for (const Node* each : list(change.with->n_ctes, change.with->ctes)) {
      each_row_change(*each->common_table_expr->ctequery, catalog, find, visit);
    }
  }
  if (!change.range) return;
  const Relation* table = find(*change.range);
  visit({*change.range, table, change.lists_rows || names_key(change.condition, table, catalog)});
}

}  // namespace martlet
