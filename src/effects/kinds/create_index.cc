// CREATE INDEX.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/definition.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"

namespace martlet {
namespace {

void require_indexable(const Execution& execution, const Relation& table, bool concurrently) {
  switch (table.kind) {
    case RelationKind::table:
    case RelationKind::materialized_view:
      return;
    case RelationKind::partitioned_table:
      if (!concurrently) return;
      execution.fail("0A000", fmt::format("cannot create index on partitioned table \"{}\" concurrently", table.name));
    default:
      execution.fail("42809", fmt::format("cannot create index on relation \"{}\"", table.name));
  }
}

void execute_index(Execution& execution, const Node& node) {
  const PgQuery__IndexStmt& statement = *node.index_stmt;
  if (statement.concurrent) execution.refuse_in_transaction("CREATE INDEX CONCURRENTLY");
  const Relation& table = execution.relation(qualified_name(*statement.relation));
  require_no_catalog(execution, table);
  require_indexable(execution, table, statement.concurrent != 0);
  build_index(execution, statement, table.id);
}

const Registered<StatementKind> kIndex{
    {.id = "IndexStmt", .node = PG_QUERY__NODE__NODE_INDEX_STMT, .execute = execute_index}};

}  // namespace
}  // namespace martlet
