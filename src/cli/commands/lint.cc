#include "cli/lint/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/registry.h"
#include "base/text.h"
#include "cli/lint/fix_files.h"
#include "cli/output.h"
#include "gate/listing.h"

namespace martlet {
namespace {

const LintFormat& format_of(const Arguments& arguments) {
  const std::string wanted = arguments.has("format") ? arguments.text("format") : "text";
  if (const LintFormat* format = Registry<LintFormat>::find(wanted)) return *format;
  std::vector<std::string> names;
  for (const LintFormat* each : Registry<LintFormat>::all()) names.emplace_back(each->id);
  const auto near = nearest(wanted, names);
  throw Error(ErrorKind::usage, fmt::format("unknown format \"{}\"", wanted))
      .next(near ? fmt::format("did you mean {}?", *near) : "there are: " + join(names, ", "));
}

void refuse_fix_of_input(const Arguments& arguments) {
  if (std::ranges::count(arguments.positionals(), "-") == 0) return;
  throw Error(ErrorKind::usage, "--fix changes files, and standard input is none")
      .next("name the files instead of `-`");
}

// True where files were changed.
bool show_fixes(Context& context, const Linted& linted) {
  const bool dry = context.arguments.has("dry-run");
  const FixedFiles fixed = fix_files(linted, dry ? FixMode::show : FixMode::write);
  context.output.json()["fixed"] = {
      {"files", fixed.files}, {"findings", fixed.findings}, {"written", !dry}, {"diff", fixed.diff}};
  for (const std::string& line : split_lines(fixed.diff)) context.output.line(line);
  if (fixed.findings == 0) {
    context.output.line("nothing that a change of the text would fix", Style::dim);
    return false;
  }
  context.output.line(
      fmt::format("{} {} in {}", dry ? "would fix" : "fixed", counted(fixed.findings, "finding", "findings"),
                  counted(fixed.files, "file", "files")),
      Style::good);
  return !dry;
}

int run(Context& context) {
  const LintFormat& format = format_of(context.arguments);
  const bool for_people = format.id == "text";
  if (context.arguments.has("fix") && !for_people) {
    throw Error(ErrorKind::usage, "--fix shows a diff, which no other format has").next("leave --format away");
  }
  const bool json = context.output.options().json;
  const LintNeeds needs{format.shows_details || json, format.shows_fingerprints || json};
  if (context.arguments.has("fix")) refuse_fix_of_input(context.arguments);
  Linted linted = lint(context, needs);
  // What is left is shown as the changed files have it.
  if (context.arguments.has("fix") && show_fixes(context, linted)) linted = lint(context, needs);
  if (context.output.options().json) context.output.json().update(lint_json(linted.report));
  if (!for_people || !context.output.options().quiet) context.output.raw(format.render(linted.report, context.output));
  if (for_people) show_closing_line(context.output, linted.report);
  return linted.report.count(Finding::Severity::error) > 0 ? exit_code(ErrorKind::validation) : 0;
}

const Registered<Command> kLint{
    {.id = "lint",
     .summary = "what the migrations would do to a database in use",
     .details =
         "Executes each statement on a model of the catalog and says what would hold up or break the application, with "
         "the safe SQL for it. With a database, what is pending is judged on its catalog, as one run; without one, "
         "each "
         "file is judged behind all earlier ones, and tables that no file makes are taken to exist and to be large. "
         "Leaves with code 4 where there are errors.\n"
         "`-- martlet:allow HAZARD \"reason\"` above a statement accepts a hazard there; in the head of a file, with "
         "an "
         "empty line below, in the whole file.",
     .options = {{"--since", "GITREV", "only files that changed since this revision"},
                 {"--fix", "", "change the files where a change of the text is enough; shows the difference"},
                 {"--dry-run", "", "with --fix: only show it"},
                 {"--format", "FORMAT", "text, json, sarif, github, gitlab, gcc or junit"},
                 {"--schema-file", "FILE", "judge on the schema that this SQL makes"},
                 {"--no-database", "", "do not look at the database"}},
     .positionals = {{"FILE", "files or folders; `-` = standard input; without any, the migrations folder",
                      Positional::Arity::any}},
     .examples = {"martlet lint", "martlet lint migrations/V007__x.sql", "martlet lint --since main --format github",
                  "martlet lint --fix", "martlet lint - <x.sql"},
     .run = run,
     .group = "Looking"}};

}  // namespace
}  // namespace martlet
