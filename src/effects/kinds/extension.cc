// CREATE EXTENSION and ALTER EXTENSION. What a script brings along is not in the model.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void create_extension(Execution& execution, const PgQuery__CreateExtensionStmt& statement) {
  if (execution.catalog.extensions.find("", statement.extname)) {
    if (statement.if_not_exists) return;
    execution.fail("42710", fmt::format("extension \"{}\" already exists", statement.extname));
  }
  const auto& available = execution.catalog.server.available_extensions;
  if (!available.empty() && !available.contains(statement.extname)) {
    execution.fail("0A000", fmt::format("extension \"{}\" is not available", statement.extname));
  }
  if (available.empty())
    execution.assume(fmt::format("the extension {} is installed on the server", statement.extname));
  execution.catalog.extensions.add({.id = execution.catalog.next_id(),
                                    .schema = "",
                                    .name = statement.extname,
                                    .home = execution.creation_schema({}),
                                    .version = ""});
}

void require_extension(const Execution& execution, const std::string& name) {
  if (!execution.catalog.complete || execution.catalog.extensions.find("", name)) return;
  execution.fail("42704", fmt::format("extension \"{}\" does not exist", name));
}

void execute_extension(Execution& execution, const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
      return create_extension(execution, *node.create_extension_stmt);
    case PG_QUERY__NODE__NODE_ALTER_EXTENSION_STMT:
      require_extension(execution, node.alter_extension_stmt->extname);
      return execution.not_known("what the update script of an extension does is not in the model");
    default:
      return require_extension(execution, node.alter_extension_contents_stmt->extname);
  }
}

const Registered<StatementKind> kExtension{
    {.id = "CreateExtensionStmt",
     .node = PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT,
     .execute = execute_extension,
     .also = {PG_QUERY__NODE__NODE_ALTER_EXTENSION_STMT, PG_QUERY__NODE__NODE_ALTER_EXTENSION_CONTENTS_STMT}}};

}  // namespace
}  // namespace martlet
