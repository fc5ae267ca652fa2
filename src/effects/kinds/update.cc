// UPDATE.
#include "base/registry.h"
#include "effects/query/dml.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_update(Execution& execution, const Node& node) {
  QueryReader reader(execution);
  update_rows(reader, *node.update_stmt);
}

const Registered<StatementKind> kUpdate{
    {.id = "UpdateStmt", .node = PG_QUERY__NODE__NODE_UPDATE_STMT, .execute = execute_update}};

}  // namespace
}  // namespace martlet
