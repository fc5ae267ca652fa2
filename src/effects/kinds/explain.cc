// EXPLAIN, PREPARE and DECLARE CURSOR: a query that is planned; EXPLAIN ANALYZE runs it.
#include "base/registry.h"
#include "effects/query/reader.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

bool is_query(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return true;
    default:
      return false;
  }
}

void plan(Execution& execution, const Node& query) {
  if (!is_query(query)) return execution.not_known("what is only planned of this statement is not in the model");
  QueryReader reader(execution);
  reader.runs = false;
  reader.query(query);
}

bool analyzes(const PgQuery__ExplainStmt& statement) {
  for (const Node* each : list(statement.n_options, statement.options)) {
    if (std::string_view(each->def_elem->defname) != "analyze") continue;
    const Node* value = each->def_elem->arg;
    return !value || (string_value(value) != "off" && string_value(value) != "false");
  }
  return false;
}

void execute_explain(Execution& execution, const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
      if (analyzes(*node.explain_stmt)) return execute_node(execution, *node.explain_stmt->query);
      return plan(execution, *node.explain_stmt->query);
    case PG_QUERY__NODE__NODE_PREPARE_STMT:
      return plan(execution, *node.prepare_stmt->query);
    default:
      return plan(execution, *node.declare_cursor_stmt->query);
  }
}

const Registered<StatementKind> kExplain{
    {.id = "ExplainStmt",
     .node = PG_QUERY__NODE__NODE_EXPLAIN_STMT,
     .execute = execute_explain,
     .also = {PG_QUERY__NODE__NODE_PREPARE_STMT, PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT}}};

}  // namespace
}  // namespace martlet
