// A case of tests/hazard, judged: for the tests that run them on the model and on a server.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "base/registry.h"
#include "db/connection.h"
#include "effects/execute.h"
#include "hazard/fix.h"
#include "hazard/judge.h"
#include "migration/sections.h"
#include "migration/source.h"
#include "tests/hazard/hazard_case.h"

namespace martlet::testing {

inline Migration migration_of(const HazardCase::File& file) {
  Migration migration{.id = file.name, .name = file.name, .layout = "flyway", .file = file.name, .label = file.name};
  read_sections(normalise_source(file.text, file.name), migration);
  return migration;
}

inline JudgeSettings settings_of(const HazardCase& one) {
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
inline void set_sizes(const HazardCase& one, Catalog& catalog) {
  std::vector<ObjectId> relations;  // of which nobody said how large they are
  catalog.relations.each_of_users([&](const Relation& each) { relations.push_back(each.id); });
  for (const ObjectId id : relations) {
    Relation& relation = catalog.relations.edit(id);
    relation.pages = -1;
    relation.tuples = -1;
  }
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
inline Catalog simulated(const HazardCase& one) {
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
inline std::unique_ptr<Connection> sqlite_setup(const HazardCase& one) {
  std::unique_ptr<Connection> database = open_connection(Url::parse("sqlite::memory:"));
  for (const Statement& each : split({one.setup, "setup"}, Dialect::sqlite)) database->execute(each.text);
  return database;
}

struct Outcome {
  std::map<std::string, std::vector<std::string>> shown;  // as HazardCase::expected
  std::size_t count = 0;
  std::vector<HazardCase::File> fixed;
};

inline std::string_view severity_text(Finding::Severity severity) {
  if (severity == Finding::Severity::error) return "error";
  return severity == Finding::Severity::warning ? "warning" : "note";
}

inline void add_lines(std::vector<std::string>& lines, std::string_view text) {
  for (std::string& line : split_lines(text)) lines.push_back(std::move(line));
}

inline void show(const HazardCase& one, const HazardFinding& found, Outcome& outcome) {
  ++outcome.count;
  const Finding& finding = found.finding;
  const std::string file = one.files.size() > 1 ? finding.place.file + ":" : "";
  outcome.shown["expect"].push_back(fmt::format("{}{}:{} {}: {}", file, finding.place.line, finding.place.column,
                                                severity_text(finding.severity), finding.message));
  if (!found.safe_sql.empty()) add_lines(outcome.shown["recipe"], found.safe_sql);
}

inline Outcome judged(const HazardCase& one, Catalog catalog, const std::vector<HazardCase::File>& files) {
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
    if (fixed.fixed.empty()) continue;
    if (files.size() > 1) outcome.shown["fixed"].push_back("-- " + file.name);
    add_lines(outcome.shown["fixed"], fixed.text);
  }
  return outcome;
}

inline void compare(const HazardCase& one, const Outcome& outcome) {
  for (const char* head : {"expect", "recipe", "fixed"}) {
    const auto wanted = one.expected.find(head);
    const auto shown = outcome.shown.find(head);
    EXPECT_EQ(shown == outcome.shown.end() ? "" : block_text(shown->second),
              wanted == one.expected.end() ? "" : block_text(wanted->second))
        << head;
  }
  EXPECT_EQ(one.is_positive(), outcome.count > 0);
}

}  // namespace martlet::testing
