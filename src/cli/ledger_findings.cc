#include "cli/ledger_findings.h"

#include <fmt/format.h>

#include "base/text_diff.h"
#include "cli/target.h"

namespace martlet {
namespace {

Finding edited(const Config& config, const Migration& migration, const TargetLedger& target) {
  std::string message = fmt::format("{} was edited after it was applied", migration.label);
  const Ledger::Texts applied = Ledger::texts(*target.connection, history_names(config), migration.id);
  if (!applied.up_sql.empty())
    message += "\n" + unified_diff(applied.up_sql, migration.up.text, "applied", migration.file);
  return {.id = "edited-after-apply",
          .place = {migration.file},
          .message = std::move(message),
          .next = "put the old text back and write a new migration, or accept the new text with `martlet repair`"};
}

Finding missing(const LedgerRow& row) {
  return {.id = "missing-file",
          .message = fmt::format("{} \"{}\" was applied at {}, but its file is gone", row.id, row.name, row.applied_at),
          .next = "restore the file, or record that it is gone on purpose with `martlet repair`"};
}

Finding out_of_order(const Config& config, const Migration& migration) {
  Finding finding{.id = "out-of-order",
                  .place = {migration.file},
                  .message = fmt::format("{} is not applied, but a later one is", migration.label),
                  .next = "give it a new number with `martlet renumber`, or allow it with --out-of-order allow"};
  if (config.text("out_of_order") != "error") finding.severity = Finding::Severity::warning;
  return finding;
}

// Stamps and baselines may stand for texts that were never run here: only what was applied is compared.
void compare_rows(const Config& config, const Folder& folder, const TargetLedger& target, std::vector<Finding>& into) {
  for (const LedgerRow& row : target.ledger->rows()) {
    if (row.state != LedgerState::applied) continue;
    const Migration* migration = folder.find(row.id);
    if (!migration) {
      into.push_back(missing(row));
    } else if (migration->kind == MigrationKind::versioned && migration->checksum != row.checksum) {
      into.push_back(edited(config, *migration, target));
    }
  }
}

// A migration that is not applied although one behind it in run order is; what a baseline stands for is left out.
void find_out_of_order(const Config& config, const Folder& folder, const Ledger& ledger, std::vector<Finding>& into) {
  bool later_applied = false;
  for (auto migration = folder.migrations.rbegin(); migration != folder.migrations.rend(); ++migration) {
    if (migration->kind == MigrationKind::repeatable) continue;
    const LedgerRow* row = ledger.find(migration->id);
    if (row && row->state == LedgerState::baseline) return;
    if (row && row->counts_as_applied())
      later_applied = true;
    else if (later_applied && migration->kind == MigrationKind::versioned)
      into.push_back(out_of_order(config, *migration));
  }
}

}  // namespace

std::vector<Finding> ledger_findings(const Config& config, const Folder& folder, const TargetLedger& target) {
  std::vector<Finding> findings;
  compare_rows(config, folder, target, findings);
  if (config.text("out_of_order") != "allow") find_out_of_order(config, folder, *target.ledger, findings);
  if (target.ledger->unfinished() > 0)
    findings.push_back({.id = "unfinished",
                        .message = fmt::format("{} steps of a run were not finished", target.ledger->unfinished()),
                        .next = "go on with `martlet resume`"});
  return findings;
}

}  // namespace martlet
