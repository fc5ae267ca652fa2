#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__IndexStmt& statement = *at.node->index_stmt;
  const Relation* table = at.relation(statement.relation);
  if (!table || table->kind != RelationKind::partitioned_table || at.is_new(table->id)) return;
  const std::string name = shown(at, *table);
  if (statement.concurrent) {
    found.add(at, fmt::format("{} is partitioned: CREATE INDEX CONCURRENTLY is refused on it", name)).relations = {
        name};
    return;
  }
  const Impact impact = impact_on(at, *table);
  if (!impact.scan) return;
  HazardFinding& finding = found.add(at, fmt::format("the index is built on every partition of {} at once: {}",
                                                     sized(at, *table), waiting(at, impact.lock)));
  finding.relations = {name};
  found.offer(finding, at, table);
}

const Registered<Hazard> kHazard{{
    .id = "create-index-partitioned",
    .severity = Hazard::Severity::error,
    .summary = "CREATE INDEX on a partitioned table",
    .why = "The index is built on every partition within one statement: all of them are locked in SHARE mode "
           "until the last one is done. CONCURRENTLY is refused on a partitioned table.",
    .safe_form = "CREATE INDEX … ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX "
                 "… ATTACH PARTITION for each.",
    .recipe = "create-index",
    .on = {PG_QUERY__NODE__NODE_INDEX_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
