#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void report(const Case& at, Findings& found, const PgQuery__AlterTableCmd& command,
            const PgQuery__Constraint& constraint, const Relation& table, std::string_view recipe) {
  const Impact impact = impact_on(at, table);
  if (*constraint.indexname || !impact.scan) return;
  HazardFinding& finding = found.add(at,
                                     fmt::format("PRIMARY KEY builds its index on {} under {}: {}", sized(at, table),
                                                 lock_words(impact.lock), waiting(at, impact.lock)),
                                     constraint.location);
  finding.relations = {shown(at, table)};
  found.offer(finding, at, &table, &command, &constraint, recipe);
}

void check(const Case& at, Findings& found) {
  each_added_constraint(at, PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY,
                        [&](const auto& command, const auto& constraint, const Relation& table) {
                          report(at, found, command, constraint, table, "");
                        });
  each_added_column(at, [&](const auto& command, const auto& definition, const Relation& table, const Column&) {
    const PgQuery__Constraint* constraint = constraint_of(definition, PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY);
    if (constraint) report(at, found, command, *constraint, table, "add-column");
  });
}

const Registered<Hazard> kHazard{{
    .id = "add-primary-key-blocking",
    .severity = Hazard::Severity::error,
    .summary = "ADD PRIMARY KEY that builds its index",
    .why = "The index is built, and columns that may be NULL are read once more, under ACCESS EXCLUSIVE: "
           "reads and writes queue until it is done. Measured on 2 million rows (146 MB): 0.77 s.",
    .safe_form = "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX, which is metadata only once "
                 "its columns are NOT NULL.",
    .recipe = "add-primary-key-using-index",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
