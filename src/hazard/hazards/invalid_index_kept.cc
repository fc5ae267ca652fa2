#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__IndexStmt& statement = *at.node->index_stmt;
  if (!statement.if_not_exists || !*statement.idxname) return;
  const Relation* table = at.relation(statement.relation);
  const Relation* index = table ? at.before.relation(table->schema, statement.idxname) : nullptr;
  if (!index || !index->index || index->index->valid || index->kind == RelationKind::partitioned_index) return;
  HazardFinding& finding =
      found.add(at, fmt::format("{} is there already, but not valid: IF NOT EXISTS leaves it so", statement.idxname));
  finding.relations = {shown(at, *table)};
  found.offer(finding, at, table);
}

const Registered<Hazard> kHazard{{
    .id = "invalid-index-kept",
    .severity = Hazard::Severity::warning,
    .summary = "CREATE INDEX IF NOT EXISTS over an index that is not valid",
    .why = "A CREATE INDEX CONCURRENTLY that failed leaves an index that no query uses and every write "
           "maintains. IF NOT EXISTS sees its name, and does nothing.",
    .safe_form = "DROP INDEX CONCURRENTLY first, then build it again; or REINDEX INDEX CONCURRENTLY.",
    .recipe = "rebuild-invalid-index",
    .on = {PG_QUERY__NODE__NODE_INDEX_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
