// PREPARE, EXECUTE and DEALLOCATE (prepare.c): a query is only analysed when it is prepared.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/query/reader.h"
#include "effects/statement_kind.h"
#include "sql/tree.h"

namespace martlet {
namespace {

void prepare(Execution& execution, const PgQuery__PrepareStmt& statement) {
  if (execution.session.prepared.contains(statement.name)) {
    execution.fail("42P05", fmt::format("prepared statement \"{}\" already exists", statement.name));
  }
  QueryReader reader(execution);
  reader.until = Until::rewritten;
  reader.query(*statement.query);
  execution.session.prepared[statement.name] = deparse_statement(*statement.query);
}

void execute(Execution& execution, const PgQuery__ExecuteStmt& statement) {
  const auto at = execution.session.prepared.find(statement.name);
  if (at == execution.session.prepared.end()) {
    return execution.not_known(fmt::format("what the prepared statement {} does was said elsewhere", statement.name));
  }
  visit_trees({{.text = at->second}}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node) return execution.not_known("the prepared statement could not be read again");
    execute_node(execution, *node);
  });
}

void execute_prepared(Execution& execution, const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_PREPARE_STMT:
      return prepare(execution, *node.prepare_stmt);
    case PG_QUERY__NODE__NODE_EXECUTE_STMT:
      return execute(execution, *node.execute_stmt);
    default:
      // Without a name: all of them.
      if (*node.deallocate_stmt->name) {
        execution.session.prepared.erase(node.deallocate_stmt->name);
      } else {
        execution.session.prepared.clear();
      }
  }
}

const Registered<StatementKind> kPrepare{
    {.id = "PrepareStmt",
     .node = PG_QUERY__NODE__NODE_PREPARE_STMT,
     .execute = execute_prepared,
     .also = {PG_QUERY__NODE__NODE_EXECUTE_STMT, PG_QUERY__NODE__NODE_DEALLOCATE_STMT}}};

}  // namespace
}  // namespace martlet
