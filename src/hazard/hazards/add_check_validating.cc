#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_added_constraint(at, PG_QUERY__CONSTR_TYPE__CONSTR_CHECK,
                        [&](const auto& command, const auto& constraint, const Relation& table) {
                          const Impact impact = impact_on(at, table);
                          if (constraint.skip_validation || !impact.scan) return;
                          HazardFinding& finding =
                              found.add(at,
                                        fmt::format("the CHECK is proven on all of {} under {}: {}", sized(at, table),
                                                    lock_words(impact.lock), waiting(at, impact.lock)),
                                        constraint.location);
                          finding.relations = {shown(at, table)};
                          found.offer(finding, at, &table, &command, &constraint);
                        });
}

const Registered<Hazard> kHazard{{
    .id = "add-check-validating",
    .severity = Hazard::Severity::error,
    .summary = "ADD CHECK without NOT VALID",
    .why = "Every row is read under ACCESS EXCLUSIVE: reads and writes queue until it is done. Measured on 2 "
           "million rows (146 MB): 0.07 s.",
    .safe_form = "ADD CONSTRAINT … NOT VALID holds its lock for a moment, and holds for new rows at once; VALIDATE "
                 "CONSTRAINT in another transaction reads the rows while they are read and written.",
    .recipe = "add-check-not-valid",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
