#include "effects/query/updatable_view.h"

#include <algorithm>

#include "sql/tree.h"
#include "sql/walk.h"

namespace martlet {
namespace {

// Aggregates, window functions and functions that give several rows do not go with changing rows.
bool has_grouping_call(const Catalog& catalog, const Node& node) {
  bool found = false;
  if (node.node_case == PG_QUERY__NODE__NODE_SUB_LINK) return false;
  if (node.node_case == PG_QUERY__NODE__NODE_FUNC_CALL) {
    const PgQuery__FuncCall& call = *node.func_call;
    const QualifiedName name = qualified_name(call.n_funcname, call.funcname);
    found = call.agg_star || call.agg_distinct || call.over;
    const auto look = [&](const Function& each) {
      found |= each.kind == Function::Kind::aggregate || each.returns_set;
    };
    catalog.functions.each_named(name.schema.empty() ? "pg_catalog" : name.schema, name.name, look);
    if (name.schema.empty()) catalog.functions.each_named("public", name.name, look);
  }
  each_child(node, [&](const Node& child) { found |= has_grouping_call(catalog, child); });
  return found;
}

bool is_plain(const Catalog& catalog, const PgQuery__SelectStmt& query) {
  const bool is_set = query.op != PG_QUERY__SET_OPERATION__SETOP_NONE;
  if (is_set || query.with_clause || query.n_distinct_clause > 0 || query.n_group_clause > 0 || query.having_clause ||
      query.limit_count || query.limit_offset || query.n_values_lists > 0) {
    return false;
  }
  if (query.n_from_clause != 1 || query.from_clause[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) return false;
  return std::ranges::none_of(list(query.n_target_list, query.target_list), [&](const Node* each) {
    return each->res_target->val && has_grouping_call(catalog, *each->res_target->val);
  });
}

// What the view reads it knows by id: a name in its query may have become another table's since.
const Relation* table_below(const Execution& execution, const Relation& view, const PgQuery__RangeVar& name) {
  const Relation* named = execution.find_relation(qualified_name(name));
  const Relation* only = nullptr;
  bool reads_named = false, reads_others = false;
  for (const ColumnUse& use : view.view->uses) {
    reads_named |= named && use.relation == named->id;
    reads_others |= only && use.relation != only->id;
    only = execution.catalog.relations.get(use.relation);
  }
  if (reads_named) return named;
  return reads_others ? nullptr : only;
}

void read_columns(const Relation& base, const PgQuery__SelectStmt& query, UpdatableView& view) {
  int number = 0;
  for (const Node* each : list(query.n_target_list, query.target_list)) {
    ++number;
    const Node* value = each->res_target->val;
    if (!value || value->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) continue;
    const PgQuery__ColumnRef& reference = *value->column_ref;
    const Node& last = *reference.fields[reference.n_fields - 1];
    if (last.node_case == PG_QUERY__NODE__NODE_A_STAR) {
      for (const Column& column : base.columns) view.columns.emplace(number++, column.number);
      --number;
      continue;
    }
    const Column* column = base.column(string_value(&last));
    view.known &= column != nullptr || base.columns_unknown;
    const bool is_taken =
        column && std::ranges::any_of(view.columns, [&](const auto& other) { return other.second == column->number; });
    if (column && !is_taken) view.columns.emplace(number, column->number);
  }
}

void read_query(Execution& execution, const Relation& of, const PgQuery__SelectStmt& query, UpdatableView& view) {
  if (!is_plain(execution.catalog, query)) return;
  const Relation* base = table_below(execution, of, *query.from_clause[0]->range_var);
  if (!base) return static_cast<void>(view.known = false);
  const bool fits = base->kind == RelationKind::table || base->kind == RelationKind::partitioned_table ||
                    base->kind == RelationKind::view || base->kind == RelationKind::foreign_table;
  if (!fits) return;
  read_columns(*base, query, view);
  if (!view.columns.empty()) view.base = base->id;
}

}  // namespace

UpdatableView updatable_view(Execution& execution, const Relation& view) {
  UpdatableView found;
  found.known = view.view && !view.view->definition.empty();
  if (!found.known) return found;
  found.known = false;
  visit_trees({{.text = view.view->definition}}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return;
    found.known = true;
    read_query(execution, view, *node->select_stmt, found);
  });
  return found;
}

}  // namespace martlet
