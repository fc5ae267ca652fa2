#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  for (const RelationEffect& each : at.effects.relations) {
    const Relation* table = at.before.relation(each.id);
    if (!blocks_writes(each.strongest()) || at.is_new(each.id) || (table && table->partition.parent)) continue;
    HazardFinding& finding = found.add(
        at, fmt::format("{} is locked {} until the transaction ends: {}", table ? sized(at, *table) : each.name,
                        lock_words(each.strongest()), waiting(at, each.strongest())));
    finding.relations = {each.name};
  }
}

const Registered<Hazard> kHazard{{
    .id = "lock-table",
    .severity = Hazard::Severity::warning,
    .summary = "LOCK TABLE",
    .why = "The lock is kept until the transaction ends, for however long the rest of it takes.",
    .safe_form = "The statements take the locks they need. A LOCK that keeps their order is best taken with NOWAIT, "
                 "or with a short lock_timeout.",
    .on = {PG_QUERY__NODE__NODE_LOCK_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
