#include "cli/dry_view.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/run_view.h"

namespace martlet {
namespace {

std::string how(const DryMigration& migration) {
  if (migration.transactional) return "one transaction";
  return migration.why_not.empty() ? "statement by statement, journalled"
                                   : "statement by statement, journalled: " + migration.why_not;
}

nlohmann::ordered_json to_json(const DryMigration& migration) {
  nlohmann::ordered_json statements = nlohmann::ordered_json::array();
  for (const DryStatement& statement : migration.statements) {
    statements.push_back(
        {{"sql", statement.sql}, {"line", statement.place.line}, {"transactional", statement.transactional}});
    if (!statement.batches.empty()) statements.back()["batches"] = statement.batches;
  }
  return {{"version", migration.id},
          {"name", migration.name},
          {"file", migration.file},
          {"direction", direction_name(migration.direction)},
          {"transactional", migration.transactional},
          {"statements", std::move(statements)}};
}

void show(Output& output, const DryMigration& migration) {
  output.line(fmt::format("{}  {}  ({})", migration.label, migration.name, how(migration)), Style::strong);
  for (const DryStatement& statement : migration.statements) {
    const std::string how_it_runs = statement.batches.empty() ? "not transactional" : statement.batches;
    output.line(fmt::format("  {}{}", statement.place.text(), statement.transactional ? "" : "  " + how_it_runs),
                Style::dim);
    for (const std::string& line : split_lines(statement.sql)) output.line("    " + line);
  }
  output.line();
}

int show_statements(Context& context, const std::vector<DryMigration>& migrations) {
  auto& list = context.output.json()["migrations"] = nlohmann::ordered_json::array();
  std::size_t statements = 0;
  for (const DryMigration& migration : migrations) {
    show(context.output, migration);
    list.push_back(to_json(migration));
    statements += migration.statements.size();
  }
  context.output.json()["dry_run"] = true;
  context.output.line(migrations.empty()
                          ? "nothing to do"
                          : fmt::format("{} migration{}, {} statement{}: nothing was run", migrations.size(),
                                        migrations.size() == 1 ? "" : "s", statements, statements == 1 ? "" : "s"));
  return 0;
}

}  // namespace

int show_dry_run(Context& context, RunSettings settings, Direction direction, const Goal& goal) {
  const std::string mode = context.arguments.text("dry-run");
  if (mode.empty() || mode == "show")
    return show_statements(context, dry_run(looking_settings(context), direction, goal));
  if (mode != "execute") {
    throw Error(ErrorKind::usage, fmt::format("--dry-run={} is not known", mode))
        .next("write --dry-run to see the statements, or --dry-run=execute to run them on a scratch database");
  }
  const RunView view(context.output);
  settings.events = &view.events();
  const RunReport report = dry_run_on_scratch(settings, direction, goal, context.config.text("scratch_url"));
  show_report(context, report);
  context.output.line("this ran on a scratch database, which is dropped; the target is unchanged", Style::dim);
  context.output.json()["dry_run"] = true;
  return 0;
}

}  // namespace martlet
