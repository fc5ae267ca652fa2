#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__AlterDomainStmt& change = *at.node->alter_domain_stmt;
  if (*change.subtype != 'C' && *change.subtype != 'V') return;
  const std::string domain = qualified_name(change.n_type_name, change.type_name).text();
  std::vector<std::string> read;
  LockMode lock = LockMode::access_share;
  for (const RelationEffect& each : at.effects.relations) {
    const Relation* table = at.before.relation(each.id);
    if (!each.scan || at.is_new(each.id)) continue;
    read.push_back(table ? sized(at, *table) : each.name);
    lock = std::max(lock, each.strongest());
  }
  if (read.empty()) return;
  HazardFinding& finding = found.add(at, fmt::format("proving the CHECK on {} reads {} under {}: {}", domain,
                                                     join(read, ", "), lock_words(lock), waiting(at, lock)));
  finding.relations = std::move(read);
}

const Registered<Hazard> kHazard{{
    .id = "domain-add-check",
    .severity = Hazard::Severity::error,
    .summary = "A CHECK of a domain that is proven on every table with a column of it",
    .why = "Every table that has a column of the domain is locked in SHARE mode and read, one after the "
           "other, all locks kept until the end. VALIDATE CONSTRAINT of a domain takes SHARE as well: NOT "
           "VALID only puts it off.",
    .safe_form = "ADD CONSTRAINT … NOT VALID holds for new values at once. Validate it when writes to all those "
                 "tables may wait, or state the CHECK on the tables, where VALIDATE lets writes go on.",
    .on = {PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
