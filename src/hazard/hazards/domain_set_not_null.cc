#include "base/registry.h"
#include "hazard/domain_proof.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  if (*at.node->alter_domain_stmt->subtype == 'O') check_domain_proof(at, found, "SET NOT NULL");
}

const Registered<Hazard> kHazard{{
    .id = "domain-set-not-null",
    .severity = Hazard::Severity::error,
    .summary = "SET NOT NULL of a domain",
    .why = "Every table that has a column of the domain is locked in SHARE mode and read, one after the "
           "other, all locks kept until the end.",
    .safe_form = "NOT NULL on the columns themselves, each proven by a validated CHECK.",
    .on = {PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
