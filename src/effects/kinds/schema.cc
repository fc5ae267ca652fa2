// CREATE SCHEMA, with its elements.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_schema(Execution& execution, const Node& node) {
  const PgQuery__CreateSchemaStmt& statement = *node.create_schema_stmt;
  if (statement.authrole) require_role(execution, *statement.authrole);
  const std::string owner = statement.authrole ? role_name(execution, *statement.authrole) : execution.session.user;
  const std::string name = *statement.schemaname ? statement.schemaname : owner;
  if (name.starts_with("pg_")) execution.fail("42939", fmt::format("unacceptable schema name \"{}\"", name));
  if (execution.catalog.schemas.find("", name)) {
    if (statement.if_not_exists) return;
    execution.fail("42P06", fmt::format("schema \"{}\" already exists", name));
  }
  execution.catalog.schemas.add({.id = execution.catalog.next_id(), .schema = "", .name = name, .owner = owner});
  // Its elements are made in it: for them it comes first in the search path.
  std::vector<std::string>& path = execution.session.search_path;
  path.insert(path.begin(), name);
  for (const Node* each : list(statement.n_schema_elts, statement.schema_elts)) execute_node(execution, *each);
  path.erase(path.begin());
}

const Registered<StatementKind> kSchema{
    {.id = "CreateSchemaStmt", .node = PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT, .execute = execute_schema}};

}  // namespace
}  // namespace martlet
