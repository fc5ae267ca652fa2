#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"
#include "hazard/sync_function.h"

namespace martlet {
namespace {

bool same_table(const QualifiedName& a, const QualifiedName& b) {
  return a.name == b.name && (a.schema.empty() || b.schema.empty() || a.schema == b.schema);
}

void check(const Case& at, Findings& found) {
  const PgQuery__CreateTrigStmt& create = *at.node->create_trig_stmt;
  const QualifiedName table = qualified_name(*create.relation);
  if (at.state.copies.empty()) return;
  const SyncFunction function = read_sync_function(trigger_function(at.catalog, at.session, create));
  for (const TableCopy& copy : at.state.copies) {
    const bool keeps_it = std::ranges::any_of(
        function.writes, [&](const RowWrite& write) { return same_table(write.table, copy.target); });
    if (!keeps_it || !same_table(copy.source, table)) continue;
    found
        .add(at, fmt::format("what was written to {} since its rows were copied to {} is missing there", table.text(),
                             copy.target.text()))
        .relations = {table.text(), copy.target.text()};
    return;
  }
}

const Registered<Hazard> kHazard{{
    .id = "trigger-after-copy",
    .severity = Hazard::Severity::error,
    .summary = "a sync trigger that is created after the rows were copied",
    .why =
        "The copy shows the table as it was when the statement began. What others commit between then and the trigger "
        "gets into the copy neither way; in one transaction as well, unless writers were locked out before.",
    .safe_form =
        "Create the trigger first, commit, then copy in batches, leaving alone the rows that are there already.",
    .on = {PG_QUERY__NODE__NODE_CREATE_TRIG_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
