#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__TruncateStmt& truncate = *at.node->truncate_stmt;
  for (const Node* each : list(truncate.n_relations, truncate.relations)) {
    if (!is_live(at, each->range_var)) continue;
    const std::string name = shown(*each->range_var);
    found.add(at, fmt::format("all rows of {} are gone at once", name)).relations = {name};
  }
}

const Registered<Hazard> kHazard{{
    .id = "truncate",
    .severity = Hazard::Severity::error,
    .summary = "TRUNCATE of a table that is in use",
    .why = "Every row goes, whatever a trigger or a foreign key's ON DELETE would have said, under ACCESS EXCLUSIVE: "
           "readers wait, and snapshots that are older see an empty table afterwards.",
    .safe_form =
        "Delete in batches what may go (DELETE with -- martlet:batch), or fill a new table and swap the names.",
    .on = {PG_QUERY__NODE__NODE_TRUNCATE_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
