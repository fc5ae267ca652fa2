#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  constexpr int kFirstThatCan = 180000;
  if (!at.effects.error || at.catalog.server_version >= kFirstThatCan) return;
  each_added_constraint(
      at, PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN,
      [&](const auto& command, const auto& constraint, const Relation& table) {
        if (!constraint.skip_validation || table.kind != RelationKind::partitioned_table) return;
        HazardFinding& finding = found.add(
            at, fmt::format("{} is partitioned: the server refuses a NOT VALID foreign key on it", shown(at, table)),
            constraint.location);
        finding.relations = {shown(at, table)};
        found.offer(finding, at, &table, &command, &constraint);
      });
}

const Registered<Hazard> kHazard{{
    .id = "foreign-key-not-valid-partitioned",
    .severity = Hazard::Severity::error,
    .summary = "A foreign key of a partitioned table as NOT VALID, before PostgreSQL 18",
    .why = "The server refuses it: cannot add NOT VALID foreign key on partitioned table.",
    .safe_form = "Add it as NOT VALID to each partition, validate each, then add it to the parent, which takes over "
                 "the partitions' validated ones without a scan.",
    .recipe = "add-foreign-key-not-valid",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
