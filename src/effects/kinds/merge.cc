// MERGE.
#include "base/registry.h"
#include "effects/query/dml.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_merge(Execution& execution, const Node& node) {
  QueryReader reader(execution);
  merge_rows(reader, *node.merge_stmt);
}

const Registered<StatementKind> kMerge{
    {.id = "MergeStmt", .node = PG_QUERY__NODE__NODE_MERGE_STMT, .execute = execute_merge}};

}  // namespace
}  // namespace martlet
