#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_added_column(at, [&](const auto& command, const auto& definition, const Relation& table, const Column& column) {
    const Impact impact = impact_on(at, table);
    if (!impact.rewrite || column.identity == Column::Identity::none) return;
    HazardFinding& finding =
        found.add(at,
                  fmt::format("ADD COLUMN {1} is an identity column and rewrites {0} to number its rows: {2}",
                              sized(at, table), column.name, waiting(at, impact.lock)),
                  definition.location);
    finding.relations = {shown(at, table)};
    found.offer(finding, at, &table, &command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "add-column-identity",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN … GENERATED AS IDENTITY",
    .why = "A rewrite copies every row and builds every index anew under ACCESS EXCLUSIVE: reads and writes "
           "queue until it is done. Every row there is must be given its number.",
    .safe_form = "Number the rows from a sequence in batches, then make the column an identity column in one short "
                 "transaction.",
    .recipe = "add-column",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
