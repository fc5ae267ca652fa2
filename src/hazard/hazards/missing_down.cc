#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"
#include "hazard/way_back.h"

namespace martlet {
namespace {

std::string down_part(const std::vector<std::string>& statements) {
  std::string text;
  for (const std::string& each : statements) text += each + ";\n";
  return text;
}

void check_migration(const Migration& migration, const Catalog&, const RunState& state, Findings& found) {
  const bool is_loose = migration.layout.empty();  // a file that is in no folder of migrations
  if (is_loose || migration.kind != MigrationKind::versioned || migration.irreversible) return;
  if (migration.down && has_statements(*migration.down)) return;
  if (!has_statements(migration.up)) return;
  const int line = migration.down ? migration.down->first_line : 0;
  HazardFinding& finding =
      found.add(migration, migration.down ? "its down part has no statement" : "it has no down part", line);
  finding.finding.next = "write `-- martlet:down` and what takes it back, or `-- martlet:irreversible \"reason\"`";
  if (!state.undo || state.undo->empty()) return;
  finding.safe_sql = down_part(*state.undo);
  finding.finding.next = "put this behind `-- martlet:down`, and prove it with `martlet test`";
}

const Registered<Hazard> kHazard{{
    .id = "missing-down",
    .severity = Hazard::Severity::error,
    .summary = "a migration that cannot be taken back",
    .why = "When the release fails, `martlet down` refuses, and so does a rollback on failure: what is left is a "
           "backup, or "
           "SQL that somebody writes under pressure.",
    .safe_form =
        "Write the down part with the migration, and prove it with `martlet test`; what takes schema changes back is "
        "shown. Where nothing can take it back, say so: -- martlet:irreversible \"reason\".",
    .on = {},
    .check = nullptr,
    .check_migration = check_migration,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
