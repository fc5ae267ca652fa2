#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "cli/findings.h"
#include "cli/ledger_findings.h"
#include "cli/output.h"
#include "cli/target.h"
#include "cli/target_ledger.h"
#include "gate/listing.h"

namespace martlet {
namespace {

std::vector<Finding> all_findings(Context& context, const Folder& folder, const FolderOptions& options) {
  std::vector<Finding> findings = validate_files(folder, options);
  if (context.arguments.has("no-database")) return findings;
  const TargetLedger target = read_target_ledger(context.config);
  context.output.json()["database"] = target.ledger ? "compared" : "skipped: " + target.why_not;
  if (!target.ledger) {
    context.output.line("not compared with a database: " + target.why_not, Style::dim);
    return findings;
  }
  const std::vector<Finding> more = ledger_findings(context.config, folder, target);
  findings.insert(findings.end(), more.begin(), more.end());
  return findings;
}

int run(Context& context) {
  const FolderOptions options = folder_options(context.config);
  const Folder folder = read_folder(options);
  const std::vector<Finding> findings = all_findings(context, folder, options);
  show_findings(context.output, findings);
  const auto count = [&](Finding::Severity severity) {
    return std::count_if(findings.begin(), findings.end(),
                         [&](const Finding& each) { return each.severity == severity; });
  };
  const auto errors = count(Finding::Severity::error);
  const auto warnings = count(Finding::Severity::warning);
  context.output.json()["migrations"] = folder.migrations.size();
  const std::string tally =
      fmt::format("{} in {} ({} layout): {}, {}", counted(folder.migrations.size(), "migration", "migrations"),
                  folder.path, folder.layout, counted(static_cast<std::size_t>(errors), "error", "errors"),
                  counted(static_cast<std::size_t>(warnings), "warning", "warnings"));
  context.output.line(tally, errors > 0 ? Style::bad : warnings > 0 ? Style::warning : Style::good);
  return errors > 0 ? exit_code(ErrorKind::validation) : 0;
}

const Registered<Command> kValidate{
    {.id = "validate",
     .summary = "names, gaps, order, checksums, downs, syntax, version graph",
     .details = "Reads the files; where a database is configured and answers, also compares them with what was applied "
                "there: edited, missing and out-of-order files, with the difference. Changes nothing. Leaves with code "
                "4 where there are errors.",
     .options = {{"--no-database", "", "look at the files only"}},
     .examples = {"martlet validate", "martlet validate --env staging", "martlet validate --json"},
     .run = run,
     .group = "Looking",
     .read_only = true}};

}  // namespace
}  // namespace martlet
