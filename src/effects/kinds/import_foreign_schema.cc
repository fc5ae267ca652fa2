// IMPORT FOREIGN SCHEMA (foreigncmds.c).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_import(Execution& execution, const Node& node) {
  const PgQuery__ImportForeignSchemaStmt& statement = *node.import_foreign_schema_stmt;
  const OtherObject* server = find_other(execution, "server", {"", statement.server_name});
  if (!server && execution.catalog.complete) {
    execution.fail("42704", fmt::format("server \"{}\" does not exist", statement.server_name));
  }
  require_schema(execution, statement.local_schema);
  const OtherObject* wrapper = server ? find_other(execution, "foreign data wrapper", {"", server->wrapper}) : nullptr;
  if (wrapper && !wrapper->has_handler) {
    execution.fail("55000", fmt::format("foreign-data wrapper \"{}\" has no handler", wrapper->name));
  }
  execution.not_known("which tables another server has is not in the model");
}

const Registered<StatementKind> kImport{{.id = "ImportForeignSchemaStmt",
                                         .node = PG_QUERY__NODE__NODE_IMPORT_FOREIGN_SCHEMA_STMT,
                                         .execute = execute_import}};

}  // namespace
}  // namespace martlet
