#include "hazard/key_build.h"

#include <fmt/format.h>

#include "hazard/impact.h"

namespace martlet {

void check_key_build(const Case& at, Findings& found, PgQuery__ConstrType kind, std::string_view name) {
  const auto report = [&](const PgQuery__AlterTableCmd& command, const PgQuery__Constraint& constraint,
                          const Relation& table, std::string_view recipe) {
    const Impact impact = impact_on(at, table);
    if (*constraint.indexname || !impact.scan) return;
    HazardFinding& finding = found.add(at,
                                       fmt::format("{} builds its index on {} under {}: {}", name, sized(at, table),
                                                   lock_words(impact.lock), waiting(at, impact.lock)),
                                       constraint.location);
    finding.relations = {shown(at, table)};
    found.offer(finding, at, &table, &command, &constraint, recipe);
  };
  each_added_constraint(at, kind, [&](const auto& command, const auto& constraint, const Relation& table) {
    report(command, constraint, table, "");
  });
  each_added_column(at, [&](const auto& command, const auto& definition, const Relation& table, const Column&) {
    const PgQuery__Constraint* constraint = constraint_of(definition, kind);
    if (constraint) report(command, *constraint, table, "add-column");
  });
}

}  // namespace martlet
