#include "base/registry.h"
#include "cli/findings.h"
#include "cli/output.h"
#include "cli/validation.h"

namespace martlet {
namespace {

int run(Context& context) {
  const Validation found = validate(context);
  Output& output = context.output;
  if (!context.arguments.has("no-database")) {
    output.json()["database"] = found.database;
    if (found.database.starts_with("skipped: ")) {
      output.line("not compared with a database: " + found.database.substr(9), Style::dim);
    }
  }
  show_findings(output, found.findings);
  output.json()["migrations"] = found.folder.migrations.size();
  const bool errors = found.count(Finding::Severity::error) > 0;
  const bool warnings = found.count(Finding::Severity::warning) > 0;
  output.line(found.tally(), errors ? Style::bad : warnings ? Style::warning : Style::good);
  return errors ? exit_code(ErrorKind::validation) : 0;
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
