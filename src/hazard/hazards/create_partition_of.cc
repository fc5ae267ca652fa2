#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__CreateStmt& create = *at.node->create_stmt;
  if (!create.partbound || create.n_inh_relations == 0) return;
  const Relation* parent = at.relation(create.inh_relations[0]->range_var);
  const RelationEffect* effect = parent ? at.effects.on(parent->id) : nullptr;
  if (!effect || at.is_new(parent->id) || effect->strongest() != LockMode::access_exclusive) return;
  const Relation* rest = at.before.relation(parent->partition.default_partition);
  const RelationEffect* on_rest = rest ? at.effects.on(rest->id) : nullptr;
  const std::string also = on_rest && on_rest->scan ? fmt::format(", and reads {}", sized(at, *rest)) : std::string();
  HazardFinding& finding = found.add(at, fmt::format("PARTITION OF locks {} ACCESS EXCLUSIVE{}: {}", sized(at, *parent),
                                                     also, waiting(at, effect->strongest())));
  finding.relations = {shown(at, *parent)};
  found.offer(finding, at, parent);
}

const Registered<Hazard> kHazard{{
    .id = "create-partition-of",
    .severity = Hazard::Severity::warning,
    .summary = "CREATE TABLE … PARTITION OF",
    .why = "The parent is locked ACCESS EXCLUSIVE, the default partition as well, and that one is read: every "
           "query on the parent queues behind it.",
    .safe_form = "CREATE TABLE (LIKE …) and ATTACH PARTITION, which locks the parent SHARE UPDATE EXCLUSIVE only.",
    .recipe = "create-partition-of",
    .on = {PG_QUERY__NODE__NODE_CREATE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
