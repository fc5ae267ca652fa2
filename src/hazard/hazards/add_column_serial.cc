#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  each_added_column(at, [&](const auto& command, const auto& definition, const Relation& table, const Column& column) {
    const Impact impact = impact_on(at, table);
    if (!impact.rewrite || column.owned_sequence == 0 || column.identity != Column::Identity::none) return;
    HazardFinding& finding = found.add(at,
                                       fmt::format("ADD COLUMN {1} is serial and rewrites {0} to number its rows: {2}",
                                                   sized(at, table), column.name, waiting(at, impact.lock)),
                                       definition.location);
    finding.relations = {shown(at, table)};
    found.offer(finding, at, &table, &command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "add-column-serial",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN of a serial type",
    .why = "A rewrite copies every row and builds every index anew under ACCESS EXCLUSIVE: reads and writes "
           "queue until it is done. serial is NOT NULL with a default of nextval(), which every row there is "
           "must be given.",
    .safe_form = "Create the sequence, add the bare column with the default, fill it in batches, then prove it NOT "
                 "NULL by a CHECK.",
    .recipe = "add-column",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
