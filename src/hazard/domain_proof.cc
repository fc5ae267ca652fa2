#include "hazard/domain_proof.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "hazard/impact.h"

namespace martlet {

void check_domain_proof(const Case& at, Findings& found, std::string_view what) {
  const PgQuery__AlterDomainStmt& change = *at.node->alter_domain_stmt;
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
  HazardFinding& finding = found.add(at, fmt::format("{} on {} reads {} under {}: {}", what, domain, join(read, ", "),
                                                     lock_words(lock), waiting(at, lock)));
  finding.relations = std::move(read);
}

}  // namespace martlet
