// SELECT and VALUES; SELECT INTO makes a table.
#include "base/registry.h"
#include "effects/query/created.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_select(Execution& execution, const Node& node) {
  const PgQuery__SelectStmt& statement = *node.select_stmt;
  QueryReader reader(execution);
  reader.select(statement);
  if (statement.into_clause) make_from_query(reader, *statement.into_clause, statement, RelationKind::table, false);
}

const Registered<StatementKind> kSelect{
    {.id = "SelectStmt", .node = PG_QUERY__NODE__NODE_SELECT_STMT, .execute = execute_select}};

}  // namespace
}  // namespace martlet
