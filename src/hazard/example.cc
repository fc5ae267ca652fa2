#include "hazard/example.h"

#include <algorithm>

#include "base/text.h"
#include "effects/execute.h"
#include "hazard/example_texts.h"
#include "hazard/judge.h"
#include "migration/sections.h"
#include "migration/source.h"

namespace martlet {
namespace {

std::string_view text_of(std::string_view hazard) {
  for (const ExampleText& each : example_texts()) {
    if (each.file.substr(0, each.file.size() - std::string_view(".test").size()) == hazard) return each.text;
  }
  return "";
}

Judge judge_of(const Hazard& hazard, const std::string& setup) {
  JudgeSettings settings{.dialect = hazard.dialect, .other_parts = true};
  const auto severity = hazard.severity == Hazard::Severity::off ? Hazard::Severity::warning : hazard.severity;
  settings.severities[std::string(hazard.id)] = severity;
  if (hazard.dialect == Dialect::sqlite) {
    const auto database = open_connection(Url::parse("sqlite::memory:"));
    for (const Statement& each : split({setup, "setup"}, Dialect::sqlite)) database->execute(each.text);
    return Judge::on(*database, std::move(settings));
  }
  Catalog catalog = empty_catalog();
  SessionState session;
  visit_trees(split({setup, "setup"}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
    static_cast<void>(execute(statement, tree, catalog, session));
  });
  std::vector<ObjectId> tables;
  catalog.relations.each_of_users([&](const Relation& each) { tables.push_back(each.id); });
  for (const ObjectId id : tables) catalog.relations.edit(id).pages = -1;  // an estimate for empty tables misleads
  return Judge(std::move(catalog), SessionState(), std::move(settings));
}

}  // namespace

std::optional<HazardExample> example_of(std::string_view hazard) {
  HazardExample example;
  std::string* block = nullptr;
  int files = 0;
  for (const std::string& line : split_lines(text_of(hazard))) {
    if (line.starts_with("  ")) {
      if (block) *block += line.substr(2) + "\n";
    } else if (line == "setup") {
      block = &example.setup;
    } else if (line.starts_with("file ")) {
      block = &example.migration;
      ++files;
    } else if (!line.empty()) {
      block = nullptr;
    }
  }
  if (files != 1) return std::nullopt;
  return example;
}

std::optional<HazardFinding> example_finding(const Hazard& hazard) {
  const auto example = example_of(hazard.id);
  if (!example) return std::nullopt;
  constexpr std::string_view kFile = "V002__example.sql";
  Migration migration{.id = "002", .version = "002", .file = std::string(kFile), .label = "V002"};
  read_sections(normalise_source(example->migration, std::string(kFile)), migration);
  for (HazardFinding& each : judge_of(hazard, example->setup).judge(migration)) {
    if (each.finding.id == hazard.id) return std::move(each);
  }
  return std::nullopt;
}

}  // namespace martlet
