#include <fmt/format.h>

#include "base/registry.h"
#include "effects/coercion.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_added_column(at, [&](const auto& command, const auto& definition, const Relation& table, const Column& column) {
    const Impact impact = impact_on(at, table);
    if (!impact.rewrite || !has_domain_constraints(at.catalog, column.type.type)) return;
    HazardFinding& finding =
        found.add(at,
                  fmt::format("ADD COLUMN {1} of the domain {3} rewrites {0} to check it: {2}", sized(at, table),
                              column.name, waiting(at, impact.lock), type_text(at.catalog, column.type)),
                  definition.location);
    finding.relations = {shown(at, table)};
    found.offer(finding, at, &table, &command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "add-column-constrained-domain",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN of a domain with constraints",
    .why = "A rewrite copies every row and builds every index anew under ACCESS EXCLUSIVE: reads and writes "
           "queue until it is done. The domain's CHECK or NOT NULL is evaluated for every row, even where the "
           "column is left empty.",
    .safe_form = "A column of the type below the domain, with the same CHECK as a constraint of the table: added "
                 "NOT VALID, then validated.",
    .recipe = "add-domain-column",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
