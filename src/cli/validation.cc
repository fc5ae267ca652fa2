#include "cli/validation.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/ledger_findings.h"
#include "cli/target.h"
#include "cli/target_ledger.h"
#include "gate/listing.h"

namespace martlet {

Validation validate(const Context& context) {
  const FolderOptions options = folder_options(context.config);
  Validation result{.folder = read_folder(options), .findings = {}, .database = "skipped: not asked for"};
  result.findings = validate_files(result.folder, options);
  if (context.arguments.has("no-database")) return result;
  const TargetLedger target = read_target_ledger(context.config);
  result.database = target.ledger ? "compared" : "skipped: " + target.why_not;
  if (target.ledger)
    std::ranges::move(ledger_findings(context.config, result.folder, target), std::back_inserter(result.findings));
  return result;
}

std::size_t Validation::count(Finding::Severity severity) const {
  return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

std::string Validation::tally() const {
  return fmt::format("{} in {} ({} layout): {}, {}", counted(folder.migrations.size(), "migration", "migrations"),
                     folder.path, folder.layout, counted(count(Finding::Severity::error), "error", "errors"),
                     counted(count(Finding::Severity::warning), "warning", "warnings"));
}

}  // namespace martlet
