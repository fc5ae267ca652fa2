#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  found.add(at, fmt::format("the database {} is gone with everything in it",
                            QualifiedName{"", at.node->dropdb_stmt->dbname}.text()));
}

const Registered<Hazard> kHazard{{
    .id = "drop-database",
    .severity = Hazard::Severity::error,
    .summary = "DROP DATABASE in a migration",
    .why =
        "A migration changes the database it runs in; dropping a whole one cannot be taken back, and cannot run in a "
        "transaction.",
    .safe_form = "Drop databases by hand, or with `martlet db drop`, which asks and refuses protected environments.",
    .on = {PG_QUERY__NODE__NODE_DROPDB_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
