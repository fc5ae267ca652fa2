#include <nlohmann/json.hpp>

#include "base/registry.h"
#include "cli/findings.h"
#include "cli/lint/lint.h"
#include "cli/output.h"
#include "cli/validation.h"

namespace martlet {
namespace {

// What the judge says as well, at the same place.
bool is_said_by_lint(const Finding& finding) {
  return finding.id == "syntax" || finding.id == "empty-down" || Registry<Hazard>::find(finding.id) != nullptr;
}

int run(Context& context) {
  Output& output = context.output;
  Validation files = validate(context);
  std::erase_if(files.findings, is_said_by_lint);
  const Linted linted = lint(context);
  show_findings(output, files.findings);
  output.json()["database"] = files.database;
  output.json()["migrations"] = files.folder.migrations.size();
  output.json()["lint"] = lint_json(linted.report);
  if (!output.options().quiet) output.raw(Registry<LintFormat>::find("text")->render(linted.report, output));
  const bool invalid = files.count(Finding::Severity::error) > 0;
  output.line(files.tally(), invalid ? Style::bad : Style::good);
  show_closing_line(output, linted.report);
  return invalid || linted.report.count(Finding::Severity::error) > 0 ? exit_code(ErrorKind::validation) : 0;
}

const Registered<Command> kCheck{
    {.id = "check",
     .summary = "one answer for CI: validate and lint",
     .details =
         "Everything that `validate` finds in the files and `lint` in their statements. Leaves with code 4 where "
         "there is an error in either.",
     .options = {{"--no-database", "", "look at the files only"},
                 {"--since", "GITREV", "judge only files that changed since this revision"},
                 {"--schema-file", "FILE", "judge on the schema that this SQL makes"}},
     .examples = {"martlet check", "martlet check --env staging", "martlet check --no-database --since main"},
     .run = run,
     .group = "Looking",
     .read_only = true}};

}  // namespace
}  // namespace martlet
