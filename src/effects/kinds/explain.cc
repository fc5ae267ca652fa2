// EXPLAIN and DECLARE CURSOR: a query that is planned; EXPLAIN ANALYZE runs it.
#include <fmt/format.h>

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

// Of CREATE TABLE AS the query is planned, once it is seen that the table does not exist.
const Node& planned_query(const Execution& execution, const Node& query) {
  if (query.node_case != PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT) return query;
  const PgQuery__CreateTableAsStmt& statement = *query.create_table_as_stmt;
  const QualifiedName name = qualified_name(*statement.into->rel);
  if (execution.catalog.relations.find(execution.creation_schema(name), name.name) && !statement.if_not_exists) {
    execution.fail("42P07", fmt::format("relation \"{}\" already exists", name.name));
  }
  return *statement.query;
}

void plan(Execution& execution, const Node& of) {
  const Node& query = planned_query(execution, of);
  if (!is_query(query)) return execution.not_known("what is only planned of this statement is not in the model");
  QueryReader reader(execution);
  reader.until = Until::planned;
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
    default:
      return plan(execution, *node.declare_cursor_stmt->query);
  }
}

const Registered<StatementKind> kExplain{{.id = "ExplainStmt",
                                          .node = PG_QUERY__NODE__NODE_EXPLAIN_STMT,
                                          .execute = execute_explain,
                                          .also = {PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT}}};

}  // namespace
}  // namespace martlet
