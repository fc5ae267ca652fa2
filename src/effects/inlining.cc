#include "effects/inlining.h"

#include "sql/nodes.h"
#include "sql/tree.h"

namespace martlet {
namespace {

bool may_be_inlined(const Function& function) {
  // A strict one is inlined only where its body is strict in each argument; that is not looked into.
  return function.language == "sql" && function.kind == Function::Kind::function && !function.returns_set &&
         !function.security_definer && !function.sets_search_path && !function.strict && !function.body.empty();
}

bool is_one_expression(const PgQuery__SelectStmt& query) {
  return query.n_target_list == 1 && query.n_from_clause == 0 && !query.where_clause && query.n_group_clause == 0 &&
         !query.having_clause && query.n_sort_clause == 0 && query.n_distinct_clause == 0 && !query.limit_count &&
         !query.limit_offset && !query.with_clause && query.n_values_lists == 0 && !query.larg;
}

}  // namespace

std::string inlined_expression(const Function& function) {
  if (!may_be_inlined(function)) return "";
  std::string expression;
  int statements = 0;
  visit_trees(split({function.body, "", 1}, Dialect::postgres), [&](const Statement&, const Tree& tree) {
    ++statements;
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT || !is_one_expression(*node->select_stmt)) return;
    const Node* value = node->select_stmt->target_list[0]->res_target->val;
    if (value) expression = deparse_expression(*value);
  });
  return statements == 1 ? expression : "";
}

}  // namespace martlet
