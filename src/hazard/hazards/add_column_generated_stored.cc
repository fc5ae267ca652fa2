#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_added_column(at, [&](const auto& command, const auto& definition, const Relation& table, const Column& column) {
    const Impact impact = impact_on(at, table);
    if (!impact.rewrite || !column.generated) return;
    HazardFinding& finding = found.add(at,
                                       fmt::format("ADD COLUMN {1} is computed for every row and rewrites {0}: {2}",
                                                   sized(at, table), column.name, waiting(at, impact.lock)),
                                       definition.location);
    finding.relations = {shown(at, table)};
    found.offer(finding, at, &table, &command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "add-column-generated-stored",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN … GENERATED ALWAYS AS (…) STORED",
    .why = "A rewrite copies every row and builds every index anew under ACCESS EXCLUSIVE: reads and writes "
           "queue until it is done. The expression is computed for every row there is.",
    .safe_form = "A plain column that a trigger keeps up to date, filled in batches; a view or an index on the "
                 "expression where nothing must be stored.",
    .recipe = "add-generated-column",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
