// CREATE TABLE AS and CREATE MATERIALIZED VIEW.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/query/created.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

// transformCreateTableAsStmt
void require_permanent(const QueryReader& reader) {
  for (const ObjectId id : reader.named) {
    if (reader.execution.catalog.relations.get(id)->persistence != Persistence::temporary) continue;
    reader.execution.fail("0A000", "materialized views must not use temporary tables or views");
  }
}

void execute_create_table_as(Execution& execution, const Node& node) {
  const PgQuery__CreateTableAsStmt& statement = *node.create_table_as_stmt;
  const bool view = statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
  const QualifiedName name = qualified_name(*statement.into->rel);
  // What exists already is seen before the query is looked at.
  const bool exists = execution.catalog.relations.find(execution.creation_schema(name), name.name) != nullptr;
  if (exists && statement.if_not_exists) return;
  if (exists) execution.fail("42P07", fmt::format("relation \"{}\" already exists", name.name));
  if (statement.query->node_case == PG_QUERY__NODE__NODE_EXECUTE_STMT) {
    return execution.not_known("the prepared statement's columns are not in the model");
  }
  QueryReader reader(execution);
  if (statement.into->skip_data) reader.until = Until::analysed;
  reader.select(*statement.query->select_stmt);
  if (view) require_permanent(reader);
  make_from_query(reader, *statement.into, *statement.query->select_stmt,
                  view ? RelationKind::materialized_view : RelationKind::table, false);
}

const Registered<StatementKind> kCreateTableAs{
    {.id = "CreateTableAsStmt", .node = PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT, .execute = execute_create_table_as}};

}  // namespace
}  // namespace martlet
