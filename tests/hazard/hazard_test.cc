// Runs the cases of tests/hazard/<id>.test.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "base/registry.h"
#include "db/connection.h"
#include "effects/execute.h"
#include "hazard/fix.h"
#include "hazard/judge.h"
#include "migration/sections.h"
#include "migration/source.h"
#include "tests/hazard/hazard_case.h"

namespace martlet::testing {
namespace {

Migration migration_of(const HazardCase::File& file) {
  Migration migration{.id = file.name, .name = file.name, .file = file.name, .label = file.name};
  read_sections(normalise_source(file.text, file.name), migration);
  return migration;
}

JudgeSettings settings_of(const HazardCase& one) {
  JudgeSettings settings{.dialect = one.dialect()};
  settings.severities[one.hazard] = Hazard::Severity::error;
  const Hazard* hazard = Registry<Hazard>::find(one.hazard);
  if (hazard && hazard->severity != Hazard::Severity::off) settings.severities[one.hazard] = hazard->severity;
  if (const std::string budget = one.option("budget"); !budget.empty()) settings.max_block_ms = std::stod(budget);
  if (one.option("run") == "all") settings.new_tables = JudgeSettings::NewTables::of_all_files;
  return settings;
}

// `option rows orders=1000000` and `option pages orders=20000`: what ANALYZE would have found. `option invalid INDEX`:
// what a concurrent build that failed has left.
void set_sizes(const HazardCase& one, Catalog& catalog) {
  for (const auto& [name, value] : one.options) {
    if (name == "invalid") {
      const Relation* index = catalog.relations.find("public", value);
      ASSERT_NE(index, nullptr) << value;
      catalog.relations.edit(index->id).index->valid = false;
    }
    if (name != "rows" && name != "pages") continue;
    const std::size_t equals = value.find('=');
    ASSERT_NE(equals, std::string::npos) << value;
    const Relation* table = catalog.relations.find("public", value.substr(0, equals));
    ASSERT_NE(table, nullptr) << value;
    Relation& sized = catalog.relations.edit(table->id);
    if (name == "rows") sized.tuples = std::stod(value.substr(equals + 1));
    if (name == "pages") sized.pages = std::stol(value.substr(equals + 1));
  }
}

/// The catalog that the setup leaves, by executing it on the model.
Catalog simulated(const HazardCase& one) {
  Catalog catalog = empty_catalog();
  if (one.dialect() == Dialect::sqlite) return catalog;
  SessionState session;
  visit_trees(split({one.setup, "setup"}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
    const Effects effects = execute(statement, tree, catalog, session);
    EXPECT_TRUE(effects.known) << statement.text << ": " << effects.unknown_reason;
    EXPECT_FALSE(effects.error) << statement.text << ": " << effects.error->message;
  });
  set_sizes(one, catalog);
  if (const std::string server = one.option("server"); !server.empty()) catalog.server_version = std::stoi(server);
  return catalog;
}

/// A SQLite database in memory with what the setup makes, rows included.
std::unique_ptr<Connection> sqlite_setup(const HazardCase& one) {
  std::unique_ptr<Connection> database = open_connection(Url::parse("sqlite::memory:"));
  for (const Statement& each : split({one.setup, "setup"}, Dialect::sqlite)) database->execute(each.text);
  return database;
}

struct Outcome {
  std::map<std::string, std::vector<std::string>> shown;  // as HazardCase::expected
  std::size_t count = 0;
  std::vector<HazardCase::File> fixed;
};

std::string_view severity_text(Finding::Severity severity) {
  if (severity == Finding::Severity::error) return "error";
  return severity == Finding::Severity::warning ? "warning" : "note";
}

void add_lines(std::vector<std::string>& lines, std::string_view text) {
  for (std::string& line : split_lines(text)) lines.push_back(std::move(line));
}

void show(const HazardCase& one, const HazardFinding& found, Outcome& outcome) {
  ++outcome.count;
  const Finding& finding = found.finding;
  const std::string file = one.files.size() > 1 ? finding.place.file + ":" : "";
  outcome.shown["expect"].push_back(fmt::format("{}{}:{} {}: {}", file, finding.place.line, finding.place.column,
                                                severity_text(finding.severity), finding.message));
  if (!found.safe_sql.empty()) add_lines(outcome.shown["recipe"], found.safe_sql);
}

Outcome judged(const HazardCase& one, Catalog catalog, const std::vector<HazardCase::File>& files) {
  Outcome outcome;
  Judge judge(std::move(catalog), SessionState(), settings_of(one));
  if (one.dialect() == Dialect::sqlite && one.has_setup) judge.start_from(*sqlite_setup(one));
  for (const HazardCase::File& file : files) {
    const Migration migration = migration_of(file);
    std::vector<HazardFinding> found = judge.judge(migration);
    const auto is_broken = [](const HazardFinding& each) { return each.finding.id == "syntax"; };
    const bool is_about_it = one.hazard == "syntax" || one.hazard == "not-analysed";
    EXPECT_TRUE(is_about_it || std::ranges::none_of(found, is_broken));
    std::erase_if(found, [&](const HazardFinding& each) { return each.finding.id != one.hazard; });
    for (const HazardFinding& each : found) show(one, each, outcome);
    const FixedText fixed = fix_text(file.text, migration, found);
    outcome.fixed.push_back({file.name, fixed.text});
    if (fixed.fixed == 0) continue;
    if (files.size() > 1) outcome.shown["fixed"].push_back("-- " + file.name);
    add_lines(outcome.shown["fixed"], fixed.text);
  }
  return outcome;
}

void compare(const HazardCase& one, const Outcome& outcome) {
  for (const char* head : {"expect", "recipe", "fixed"}) {
    const auto wanted = one.expected.find(head);
    const auto shown = outcome.shown.find(head);
    EXPECT_EQ(shown == outcome.shown.end() ? "" : block_text(shown->second),
              wanted == one.expected.end() ? "" : block_text(wanted->second))
        << head;
  }
  EXPECT_EQ(one.is_positive(), outcome.count > 0);
}

TEST(Hazards, EachHasCasesOfAllThreeKinds) {
  std::set<std::string> tested;
  for (const auto& file : hazard_case_files()) {
    tested.insert(file.stem());
    EXPECT_NE(Registry<Hazard>::find(file.stem().string()), nullptr) << file << " tests no hazard";
    const std::vector<HazardCase> cases = read_hazard_cases(file);
    for (const std::string_view kind : {"positive: ", "negative: ", "near-miss: "}) {
      EXPECT_TRUE(std::ranges::any_of(cases, [&](const auto& one) { return one.title.starts_with(kind); }))
          << file << " has no case \"" << kind << "…\"";
    }
  }
  for (const Hazard* hazard : Registry<Hazard>::all()) {
    EXPECT_TRUE(tested.contains(std::string(hazard->id))) << "no tests/hazard/" << hazard->id << ".test";
  }
}

TEST(Hazards, SayOnTheModelWhatTheirCasesExpect) {
  const char* rebaseline = std::getenv("MARTLET_REBASELINE");
  for (const auto& file : hazard_case_files()) {
    std::vector<HazardCase> cases = read_hazard_cases(file);
    for (HazardCase& one : cases) {
      SCOPED_TRACE(::testing::PrintToString(one));
      const Outcome outcome = judged(one, simulated(one), one.files);
      if (rebaseline) one.expected = outcome.shown;
      compare(one, outcome);
    }
    if (rebaseline) rewrite_expectations(file, cases);
  }
}

TEST(Hazards, FixesRemoveWhatTheyFix) {
  std::size_t fixes = 0;
  for (const HazardCase& one : all_hazard_cases()) {
    SCOPED_TRACE(::testing::PrintToString(one));
    const Outcome before = judged(one, simulated(one), one.files);
    if (!before.shown.contains("fixed")) continue;
    ++fixes;
    EXPECT_EQ(judged(one, simulated(one), before.fixed).count, 0U);
  }
  EXPECT_GT(fixes, 0U);
}

}  // namespace
}  // namespace martlet::testing
