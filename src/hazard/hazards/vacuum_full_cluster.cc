#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const std::string_view words = at.node->node_case == PG_QUERY__NODE__NODE_CLUSTER_STMT ? "CLUSTER" : "VACUUM FULL";
  for (const RelationEffect& each : at.effects.relations) {
    const Relation* table = at.before.relation(each.id);
    if (!each.rewrite || at.is_new(each.id)) continue;
    const std::string name = table ? sized(at, *table) : QualifiedName{each.schema, each.name}.text();
    HazardFinding& finding = found.add(at, fmt::format("{} rewrites {} under {}: {}", words, name,
                                                       lock_words(each.strongest()), waiting(at, each.strongest())));
    finding.relations = {name};
  }
}

const Registered<Hazard> kHazard{{
    .id = "vacuum-full-cluster",
    .severity = Hazard::Severity::error,
    .summary = "VACUUM FULL or CLUSTER",
    .why = "A rewrite copies every row and builds every index anew under ACCESS EXCLUSIVE: reads and writes "
           "queue until it is done. Plain VACUUM makes room for new rows without it.",
    .safe_form = "Plain VACUUM against further growth. To give space back to the system: a copy of the table that "
                 "is kept in step while it is filled, and then takes its place.",
    .on = {PG_QUERY__NODE__NODE_VACUUM_STMT, PG_QUERY__NODE__NODE_CLUSTER_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
