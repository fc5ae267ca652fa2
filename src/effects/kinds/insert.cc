// INSERT.
#include "base/registry.h"
#include "effects/query/dml.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_insert(Execution& execution, const Node& node) {
  QueryReader reader(execution);
  insert_rows(reader, *node.insert_stmt);
}

const Registered<StatementKind> kInsert{
    {.id = "InsertStmt", .node = PG_QUERY__NODE__NODE_INSERT_STMT, .execute = execute_insert}};

}  // namespace
}  // namespace martlet
