#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  if (!at.state.in_transaction) return;
  each_command(at, PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint, [&](const auto& command, const Relation& table) {
    const Constraint* constraint = table.constraint(command.name);
    if (!constraint || !at.state.not_validated.contains(constraint->id)) return;
    if (!impact_on(at, table).scan) return;
    HazardFinding& finding =
        found.add(at, fmt::format("{} was added in the same transaction, whose lock is still held while {} is read",
                                  constraint->name, sized(at, table)));
    finding.relations = {shown(at, table)};
    found.offer(finding, at, &table, &command);
  });
}

const Registered<Hazard> kHazard{{
    .id = "validate-in-same-transaction",
    .severity = Hazard::Severity::error,
    .summary = "VALIDATE CONSTRAINT in the transaction that added it as NOT VALID",
    .why = "The lock that ADD CONSTRAINT took is kept until the transaction ends: the rows are read under it, "
           "as if NOT VALID had not been said.",
    .safe_form = "Validate in a migration of its own, behind the one that adds it.",
    .recipe = "own-transaction",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
