// What migrations become on a catalog of given sizes; the model alone, no server.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "effects/execute.h"
#include "migration/sections.h"
#include "migration/source.h"
#include "plan/json.h"
#include "plan/planner.h"
#include "tests/plan/plan_case.h"

namespace martlet::testing {
namespace {

constexpr double kRowsOfPage = 100;

Catalog catalog_of(const PlanCase& one) {
  Catalog catalog = empty_catalog();
  SessionState session;
  visit_trees(split({one.setup, "setup"}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
    const Effects effects = execute(statement, tree, catalog, session);
    EXPECT_TRUE(effects.known && !effects.error) << statement.text;
  });
  std::vector<ObjectId> relations;  // of which nobody said how large they are
  catalog.relations.each_of_users([&](const Relation& each) { relations.push_back(each.id); });
  for (const ObjectId id : relations) catalog.relations.edit(id).pages = catalog.relations.edit(id).tuples = -1;
  for (const auto& [name, rows] : one.rows) {
    const Relation* table = catalog.relations.find("public", name);
    if (!table) {
      ADD_FAILURE() << "no table " << name;
      continue;
    }
    Relation& sized = catalog.relations.edit(table->id);
    sized.tuples = rows;
    sized.pages = static_cast<long>(rows / kRowsOfPage) + 1;
  }
  return catalog;
}

PlannerSettings settings_of(const PlanCase& one) {
  PlannerSettings settings;
  const auto option = [&](const char* name) {
    const auto found = one.options.find(name);
    return found == one.options.end() ? std::string() : found->second;
  };
  if (!option("budget").empty()) settings.max_block_ms = std::stod(option("budget"));
  if (option("tx") == "file") settings.transactions = PlannerSettings::Transactions::file;
  if (option("tx") == "none") settings.transactions = PlannerSettings::Transactions::none;
  if (option("phases") == "apart") settings.phases = Phases::apart;
  return settings;
}

Migration migration_of(const std::string& name, const std::string& text) {
  Migration migration{.id = name, .name = name, .layout = "flyway", .file = name, .label = name};
  read_sections(normalise_source(text, name), migration);
  return migration;
}

std::string transaction_of(const PlannedMigration& migration, const PlannedStep& step) {
  if (!step.traits.transactional()) return "alone";
  if (step.batch) return "batches";
  return fmt::format("tx{}", migration.stepwise ? step.transaction : 1);
}

std::vector<std::string> shown(const PlannedFile& file) {
  const PlannedMigration& migration = file.planned;
  std::vector<std::string> lines{
      fmt::format("{}: {}", migration.label, migration.stepwise ? "steps" : "one transaction")};
  for (const PlannedStep& each : migration.steps) {
    const std::string tier(each.phase == Phase::expand ? tier_name(each.tier) : phase_name(each.phase));
    lines.push_back(
        fmt::format("{} {} {}", tier, transaction_of(migration, each), join(split_lines(each.statement.text), " ")));
    if (!each.over_budget.empty()) lines.push_back("  over budget; by hand: " + each.manual_recipe);
  }
  for (const HazardFinding& each : file.findings) {
    const bool counts = each.finding.severity == Finding::Severity::error && each.finding.id != "missing-down";
    if (counts) lines.push_back("  hazard " + each.finding.id);
  }
  return lines;
}

std::vector<PlannedFile> planned(const PlanCase& one) {
  std::vector<Migration> migrations;
  for (const auto& [name, text] : one.files) migrations.push_back(migration_of(name, text));
  std::vector<const Migration*> pointers;
  for (const Migration& each : migrations) pointers.push_back(&each);
  Planner planner(catalog_of(one), SessionState(), settings_of(one));
  return planner.plan(pointers);
}

std::vector<std::string> shown(const PlanCase& one) {
  std::vector<std::string> lines;
  for (const PlannedFile& each : planned(one)) std::ranges::move(shown(each), std::back_inserter(lines));
  return lines;
}

// Puts what is planned now in the place of what was expected; to be read before it is committed.
void rewrite(const std::filesystem::path& file) {
  const std::vector<PlanCase> cases = read_plan_cases(file);
  std::vector<TranscriptItem> items = read_transcript(read_file(file));
  auto one = cases.begin();
  for (TranscriptItem& item : items) {
    if (item.head == "expect") item.block = shown(*one++);
  }
  write_file(file, to_text(items));
}

TEST(Plan, IsTheOneOfTheCase) {
  if (std::getenv("MARTLET_REBASELINE") != nullptr) {
    for (const auto& each : std::filesystem::directory_iterator(MARTLET_SOURCE_DIR "/tests/plan/cases")) rewrite(each);
  }
  for (const PlanCase& one : all_plan_cases()) {
    SCOPED_TRACE(::testing::PrintToString(one));
    EXPECT_EQ(joined(shown(one)), joined(one.expected));
  }
}

// A run that is resumed goes by what was stored.
TEST(Plan, ComesBackFromItsStoredText) {
  for (const PlanCase& one : all_plan_cases()) {
    SCOPED_TRACE(::testing::PrintToString(one));
    for (const PlannedFile& each : planned(one)) {
      PlannedFile again{.planned = from_stored(stored_text(each.planned))};
      PlannedFile without = each;
      without.findings.clear();
      for (PlannedStep& step : without.planned.steps) step.over_budget.clear();
      EXPECT_EQ(joined(shown(again)), joined(shown(without)));
    }
  }
}

TEST(Plan, AStoredTextThatIsNoneIsRefused) {
  for (const char* text : {"", "{}", R"({"format": 99})", R"({"format": 1, "id": "001"})"}) {
    EXPECT_THROW((void)from_stored(text), Error) << text;
  }
}

}  // namespace
}  // namespace martlet::testing
