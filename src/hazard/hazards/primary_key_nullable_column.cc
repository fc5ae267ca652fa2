#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_added_constraint(
      at, PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY,
      [&](const auto& command, const auto& constraint, const Relation& table) {
        const Impact impact = impact_on(at, table);
        if (!*constraint.indexname || !impact.scan) return;
        HazardFinding& finding = found.add(
            at,
            fmt::format("a column of {} may be NULL: {} is read under {} to make it NOT NULL, {}", constraint.indexname,
                        sized(at, table), lock_words(impact.lock), waiting(at, impact.lock)),
            constraint.location);
        finding.relations = {shown(at, table)};
        found.offer(finding, at, &table, &command, &constraint);
      });
}

const Registered<Hazard> kHazard{{
    .id = "primary-key-nullable-column",
    .severity = Hazard::Severity::warning,
    .summary = "PRIMARY KEY USING INDEX on a column that may be NULL",
    .why = "The index is there, but the column must become NOT NULL: the table is read under ACCESS EXCLUSIVE "
           "to prove it.",
    .safe_form = "Prove it first by a CHECK that is validated while the table is in use.",
    .recipe = "add-primary-key-using-index",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
