#include "cli/lint/lint.h"

#include <fmt/format.h>

#include "base/duration.h"
#include "cli/target.h"
#include "cli/target_ledger.h"
#include "effects/execute.h"
#include "migration/source.h"
#include "sql/tree.h"

namespace martlet {
namespace {

// What the first file is judged on.
struct Ground {
  std::optional<Judge> judge;
  std::optional<Ledger> ledger;
  std::string name;
};

constexpr std::string_view kNoDatabase =
    "without a database: tables that no file makes are taken to exist and to be large";

Catalog catalog_of_file(const std::string& path, SessionState& session) {
  Catalog catalog = empty_catalog();
  std::string doubt;
  visit_trees(split(read_source(path), Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
    const Effects effects = execute(statement, tree, catalog, session);
    if (effects.error) {
      throw Error(ErrorKind::validation, effects.error->message)
          .at(statement.place)
          .with_sqlstate(effects.error->sqlstate)
          .next("--schema-file wants a whole schema, as `pg_dump --schema-only` writes it");
    }
    if (!effects.known && doubt.empty()) doubt = statement.place.text() + ": " + effects.unknown_reason;
  });
  catalog.complete = doubt.empty();  // what was not understood may have made what a file will ask for
  return catalog;
}

Judge judge_on_file(const std::string& path, JudgeSettings settings) {
  if (settings.dialect == Dialect::sqlite) {
    const auto database = open_connection(Url::parse("sqlite::memory:"));
    for (const Statement& each : split(read_source(path), Dialect::sqlite)) database->execute(each.text);
    return Judge::on(*database, std::move(settings));
  }
  SessionState session;
  Catalog catalog = catalog_of_file(path, session);
  return Judge(std::move(catalog), SessionState(), std::move(settings));
}

Judge judge_on_nothing(JudgeSettings settings) {
  return Judge(empty_catalog(), SessionState(), std::move(settings));
}

Ground ground_of(const Context& context, LintNeeds needs) {
  Ground ground;
  JudgeSettings settings = judge_settings(context.config);
  settings.details = needs.details;
  settings.fingerprints = needs.fingerprints;
  if (const std::string file = context.arguments.text("schema-file"); !file.empty()) {
    ground.judge.emplace(judge_on_file(file, std::move(settings)));
    ground.name = "on the schema of " + file;
    return ground;
  }
  if (context.arguments.has("no-database")) {
    ground.judge.emplace(judge_on_nothing(std::move(settings)));
    ground.name = kNoDatabase;
    return ground;
  }
  TargetLedger target = read_target_ledger(context.config);
  if (!target.ledger) {
    ground.judge.emplace(judge_on_nothing(std::move(settings)));
    ground.name = fmt::format("{} ({})", kNoDatabase, target.why_not);
    return ground;
  }
  settings.new_tables = JudgeSettings::NewTables::of_all_files;
  ground.judge.emplace(Judge::on(*target.connection, std::move(settings)));
  ground.ledger = std::move(target.ledger);
  ground.name = "on the database " + target_url(context.config).shown();
  return ground;
}

}  // namespace

JudgeSettings judge_settings(const Config& config) {
  JudgeSettings settings{.dialect = target_dialect(config),
                         .max_block_ms = static_cast<double>(config.duration("max_block").count()),
                         .transactions = config.text("tx") != "none",
                         .placeholders = config.placeholders()};
  for (const auto& [id, written] : config.severities()) {
    require_hazard(id, written.place);
    const auto severity = severity_of_word(written.text);
    if (!severity) {
      throw Error(ErrorKind::usage, fmt::format("the severity of {} is \"{}\"", id, written.text))
          .at(written.place)
          .next("write off, info, warning or error");
    }
    settings.severities[id] = *severity;
  }
  return settings;
}

Linted lint(const Context& context, LintNeeds needs) {
  Ground ground = ground_of(context, needs);
  Linted result{.subject = lint_subject(context, ground.ledger), .report = {}};
  LintReport& report = result.report;
  report.against = ground.name;
  report.applied = result.subject.applied;
  std::vector<const Migration*> migrations;
  for (const LintSubject::Entry& entry : result.subject.entries) migrations.push_back(&entry.migration);
  auto entry = result.subject.entries.begin();
  Judge::Tally before;
  ground.judge->judge(migrations, [&](const Migration& migration, std::vector<HazardFinding> found) {
    const Judge::Tally now = ground.judge->tally();
    const bool wanted = entry++->wanted;
    if (wanted) {
      report.files.push_back(migration.file);
      report.statements += now.statements - before.statements;
      report.allowed += now.allowed - before.allowed;
      std::ranges::move(found, std::back_inserter(report.findings));
    }
    before = now;
  });
  report.texts = result.subject.texts;
  return result;
}

}  // namespace martlet
