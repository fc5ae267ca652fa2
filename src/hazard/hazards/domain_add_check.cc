#include "base/registry.h"
#include "hazard/domain_proof.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const char subtype = *at.node->alter_domain_stmt->subtype;
  if (subtype == 'C' || subtype == 'V') check_domain_proof(at, found, "proving the CHECK");
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
