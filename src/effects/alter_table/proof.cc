#include "effects/alter_table/proof.h"

#include <algorithm>

#include "sql/nodes.h"
#include "sql/tree.h"

namespace martlet {
namespace {

bool is_column(const Node& node, std::string_view name) {
  if (node.node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
  const PgQuery__ColumnRef& reference = *node.column_ref;
  return string_value(reference.fields[reference.n_fields - 1]) == name;
}

bool is_null_test(const Node& node, std::string_view column, PgQuery__NullTestType type) {
  return node.node_case == PG_QUERY__NODE__NODE_NULL_TEST && node.null_test->nulltesttype == type &&
         is_column(*node.null_test->arg, column);
}

// Does the condition hold only where the column is not null? A CHECK holds where it is null, too, so that comparisons
// prove nothing.
bool implies_not_null(const Node& condition, std::string_view column) {
  if (is_null_test(condition, column, PG_QUERY__NULL_TEST_TYPE__IS_NOT_NULL)) return true;
  if (condition.node_case != PG_QUERY__NODE__NODE_BOOL_EXPR) return false;
  const PgQuery__BoolExpr& expression = *condition.bool_expr;
  const auto implies = [&](const Node* each) { return implies_not_null(*each, column); };
  switch (expression.boolop) {
    case PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR:
      return std::ranges::any_of(list(expression.n_args, expression.args), implies);
    case PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR:
      return std::ranges::all_of(list(expression.n_args, expression.args), implies);
    default:
      return is_null_test(*expression.args[0], column, PG_QUERY__NULL_TEST_TYPE__IS_NULL);
  }
}

}  // namespace

bool proves_not_null(const Relation& table, const Column& column) {
  bool proved = false;
  for (const Constraint& each : table.constraints) {
    if (each.kind != Constraint::Kind::check || !each.validated || proved) continue;
    visit_trees({{.text = "SELECT " + each.expression}}, [&](const Statement&, const Tree& tree) {
      const Node* select = tree.nodes ? statement_node(*tree.nodes) : nullptr;
      if (!select || select->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return;
      if (select->select_stmt->n_target_list != 1) return;
      proved = implies_not_null(*select->select_stmt->target_list[0]->res_target->val, column.name);
    });
  }
  return proved;
}

}  // namespace martlet
