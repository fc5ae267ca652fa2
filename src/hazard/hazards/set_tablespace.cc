#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void report(const Case& at, Findings& found, PgQuery__AlterTableType type, std::string_view words) {
  each_command(at, type, [&](const auto&, const Relation& relation) {
    const Impact impact = impact_on(at, relation);
    if (!impact.rewrite && !impact.rebuild) return;
    HazardFinding& finding = found.add(at, fmt::format("{} writes {} anew under {}: {}", words, sized(at, relation),
                                                       lock_words(impact.lock), waiting(at, impact.lock)));
    finding.relations = {shown(at, relation)};
  });
}

void check(const Case& at, Findings& found) {
  report(at, found, PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace, "SET TABLESPACE");
  report(at, found, PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod, "SET ACCESS METHOD");
}

const Registered<Hazard> kHazard{{
    .id = "set-tablespace",
    .severity = Hazard::Severity::error,
    .summary = "A table or index moves to another tablespace or access method",
    .why = "The files are copied, or the rows written anew, under ACCESS EXCLUSIVE: reads and writes queue "
           "until it is done. Where it is the one it has already, nothing happens, and nothing is said.",
    .safe_form = "Indexes: REINDEX (TABLESPACE …) CONCURRENTLY. Tables: a new table there, filled in batches, or a "
                 "maintenance window.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
