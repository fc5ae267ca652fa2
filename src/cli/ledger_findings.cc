#include "cli/ledger_findings.h"

#include <fmt/format.h>

#include "base/text_diff.h"
#include "cli/target.h"
#include "history/standing.h"

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

}  // namespace

std::vector<Finding> ledger_findings(const Config& config, const Folder& folder, const TargetLedger& target) {
  std::vector<Finding> findings;
  const bool order_counts = config.text("out_of_order") != "allow";
  for (const StandingEntry& entry : compare(folder, *target.ledger)) {
    if (entry.standing == Standing::edited) findings.push_back(edited(config, *entry.migration, target));
    if (entry.standing == Standing::missing) findings.push_back(missing(*entry.row));
    if (entry.standing == Standing::out_of_order && order_counts) {
      findings.push_back(out_of_order(config, *entry.migration));
    }
  }
  if (target.ledger->unfinished() > 0)
    findings.push_back({.id = "unfinished",
                        .message = fmt::format("{} steps of a run were not finished", target.ledger->unfinished()),
                        .next = "go on with `martlet resume`"});
  return findings;
}

}  // namespace martlet
