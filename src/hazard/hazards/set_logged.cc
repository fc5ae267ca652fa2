#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void report(const Case& at, Findings& found, PgQuery__AlterTableType type, std::string_view words) {
  each_command(at, type, [&](const auto&, const Relation& table) {
    const Impact impact = impact_on(at, table);
    if (!impact.rewrite) return;
    HazardFinding& finding = found.add(at, fmt::format("{} rewrites {} under {}: {}", words, sized(at, table),
                                                       lock_words(impact.lock), waiting(at, impact.lock)));
    finding.relations = {shown(at, table)};
  });
}

void check(const Case& at, Findings& found) {
  report(at, found, PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged, "SET LOGGED");
  report(at, found, PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged, "SET UNLOGGED");
}

const Registered<Hazard> kHazard{{
    .id = "set-logged",
    .severity = Hazard::Severity::error,
    .summary = "SET LOGGED or SET UNLOGGED on a table with rows",
    .why = "A rewrite copies every row and builds every index anew under ACCESS EXCLUSIVE: reads and writes "
           "queue until it is done. SET LOGGED writes the whole table into the WAL as well; SET UNLOGGED "
           "makes it empty after a crash and absent on replicas.",
    .safe_form = "Decide when the table is made. Otherwise a new table of the other kind, filled in batches.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
