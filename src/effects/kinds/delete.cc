// DELETE.
#include "base/registry.h"
#include "effects/query/dml.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_delete(Execution& execution, const Node& node) {
  QueryReader reader(execution);
  delete_rows(reader, *node.delete_stmt);
}

const Registered<StatementKind> kDelete{
    {.id = "DeleteStmt", .node = PG_QUERY__NODE__NODE_DELETE_STMT, .execute = execute_delete}};

}  // namespace
}  // namespace martlet
