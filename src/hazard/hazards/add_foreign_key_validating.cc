#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void report(const Case& at, Findings& found, const PgQuery__AlterTableCmd& command,
            const PgQuery__Constraint& constraint, const Relation& table, std::string_view recipe) {
  const Impact impact = impact_on(at, table);
  if (constraint.skip_validation || !impact.scan) return;
  const Relation* target = at.relation(constraint.pktable);
  const bool both = target && target->id != table.id && !at.is_new(target->id);
  HazardFinding& finding = found.add(
      at,
      fmt::format("every row of {} is looked up in {} under {}{}: {}", sized(at, table), shown(*constraint.pktable),
                  lock_words(impact.lock), both && impact.lock == LockMode::share_row_exclusive ? " on both" : "",
                  waiting(at, impact.lock)),
      constraint.location);
  finding.relations = {shown(at, table), shown(*constraint.pktable)};
  found.offer(finding, at, &table, &command, &constraint, recipe);
}

void check(const Case& at, Findings& found) {
  each_added_constraint(at, PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN,
                        [&](const auto& command, const auto& constraint, const Relation& table) {
                          report(at, found, command, constraint, table, "");
                        });
  each_added_column(at, [&](const auto& command, const auto& definition, const Relation& table, const Column&) {
    const PgQuery__Constraint* constraint = constraint_of(definition, PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN);
    if (constraint) report(at, found, command, *constraint, table, "add-column");
  });
}

const Registered<Hazard> kHazard{{
    .id = "add-foreign-key-validating",
    .severity = Hazard::Severity::error,
    .summary = "ADD FOREIGN KEY without NOT VALID",
    .why = "Every row is looked up in the referenced table, while both tables are locked SHARE ROW EXCLUSIVE: "
           "nobody can write to either.",
    .safe_form = "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in another transaction, under which both "
                 "tables can be written to.",
    .recipe = "add-foreign-key-not-valid",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
