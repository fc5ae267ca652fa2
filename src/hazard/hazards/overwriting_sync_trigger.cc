#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"
#include "hazard/sync_function.h"

namespace martlet {
namespace {

constexpr int kBefore = 1 << 1, kInsert = 1 << 2, kUpdate = 1 << 4;  // catalog/pg_trigger.h

void check(const Case& at, Findings& found) {
  const PgQuery__CreateTrigStmt& create = *at.node->create_trig_stmt;
  const bool before_writes = create.row && (create.timing & kBefore) && (create.events & (kInsert | kUpdate));
  if (!before_writes || create.when_clause) return;
  const SyncFunction function = read_sync_function(trigger_function(at.catalog, at.session, create));
  for (const ColumnCopy& copy : function.copies) {
    const std::string table = shown(*create.relation);
    found.add(at, fmt::format("what new code writes to {}.{} is overwritten with {}", table, copy.target, copy.source))
        .relations = {table};
  }
}

const Registered<Hazard> kHazard{{
    .id = "overwriting-sync-trigger",
    .severity = Hazard::Severity::error,
    .summary = "a trigger that always copies one column over another",
    .why = "Code that writes only the new column has its value replaced by that of the old one, in every INSERT and "
           "UPDATE, "
           "without an error: the new column never holds anything but the old one's value.",
    .safe_form =
        "Copy from the side that changed: on UPDATE, the old column to the new one only where NEW.old IS DISTINCT "
        "FROM OLD.old, the other way round likewise, and raise an error where both changed and differ.",
    .on = {PG_QUERY__NODE__NODE_CREATE_TRIG_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
