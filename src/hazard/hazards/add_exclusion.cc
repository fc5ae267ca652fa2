#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_added_constraint(
      at, PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION, [&](const auto&, const auto& constraint, const Relation& table) {
        const Impact impact = impact_on(at, table);
        if (!impact.scan) return;
        HazardFinding& finding = found.add(at,
                                           fmt::format("EXCLUDE builds its index on {} under {}: {}", sized(at, table),
                                                       lock_words(impact.lock), waiting(at, impact.lock)),
                                           constraint.location);
        finding.relations = {shown(at, table)};
      });
}

const Registered<Hazard> kHazard{{
    .id = "add-exclusion",
    .severity = Hazard::Severity::error,
    .summary = "ADD EXCLUDE",
    .why = "The index is built under ACCESS EXCLUSIVE: reads and writes queue until it is done. There is "
           "neither NOT VALID nor USING INDEX for it.",
    .safe_form = "Add it while the table is small, or to a copy of the table that takes its place.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
