#include "plan/json.h"

#include <nlohmann/json.hpp>

namespace martlet {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kStoredFormat = 2;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json effect_json(const StepEffect& effect) {
  return {{"name", effect.relation},
          {"lock", std::string(lock_name(effect.lock))},
          {"rewrite", effect.rewrite},
          {"scan", effect.scan},
          {"rebuilt", effect.rebuilt}};
}

Json undo_json(const PlannedStep& step) {
  return step.undo ? Json(*step.undo) : Json();
}

Json old_name_json(const PlannedStep& step) {
  if (!step.takes_away) return {};
  return {{"table", step.takes_away->table}, {"column", text_or_null(step.takes_away->column)}};
}

OldName old_name_from(const Json& json) {
  return {json.at("table"), json.at("column").is_string() ? std::string(json.at("column")) : ""};
}

Json place_json(const Place& place) {
  return {{"file", place.file}, {"line", place.line}, {"column", place.column}};
}

Json stored_step(const PlannedStep& step) {
  return {{"sql", step.statement.text},
          {"place", place_json(step.statement.place)},
          {"source", step.source},
          {"source_digest", step.source_digest},
          {"copy", step.statement.is_copy_in},
          {"tier", step.tier},
          {"phase", step.phase},
          {"recipe", step.recipe},
          {"note", step.note},
          {"transaction", step.transaction},
          {"batch", step.batch ? Json(step.batch->to_json()) : Json()},
          {"undo", undo_json(step)},
          {"takes_away", old_name_json(step)},
          {"of_section", step.of_section}};
}

Json section_json(const std::optional<SourceText>& section) {
  if (!section) return {};
  return {{"sql", section->text}, {"file", section->file}, {"line", section->first_line}};
}

PlannedStep step_from(const Json& json) {
  PlannedStep step;
  step.statement.text = json.at("sql");
  const Json& place = json.at("place");
  step.statement.place = {place.at("file"), place.at("line"), place.at("column")};
  step.statement.is_copy_in = json.at("copy");
  step.source = json.at("source");
  step.source_digest = json.at("source_digest");
  step.traits = transactionality(step.statement, Dialect::postgres);
  step.tier = json.at("tier");
  step.phase = json.at("phase");
  step.recipe = json.at("recipe");
  step.note = json.at("note");
  step.transaction = json.at("transaction");
  if (json.at("batch").is_string()) step.batch = BatchChange::from_json(json.at("batch"));
  if (json.at("undo").is_string()) step.undo = json.at("undo");
  if (json.at("takes_away").is_object()) step.takes_away = old_name_from(json.at("takes_away"));
  step.of_section = json.at("of_section");
  return step;
}

}  // namespace

Json to_json(const PlannedStep& step) {
  Json relations = Json::array();
  for (const StepEffect& each : step.effects) relations.push_back(effect_json(each));
  return {{"sql", step.statement.text},
          {"place", place_json(step.statement.place)},
          {"tier", std::string(tier_name(step.tier))},
          {"phase", std::string(phase_name(step.phase))},
          {"recipe", text_or_null(step.recipe)},
          {"note", text_or_null(step.note)},
          {"transactional", step.traits.transactional()},
          {"transaction", step.transaction ? Json(step.transaction) : Json()},
          {"batch", step.batch.has_value()},
          {"relations", std::move(relations)},
          {"estimate_ms", step.estimate ? Json({step.estimate->low, step.estimate->high}) : Json()},
          {"known", step.known},
          {"over_budget", text_or_null(step.over_budget)},
          {"manual_recipe", text_or_null(step.manual_recipe)},
          {"manual_sql", text_or_null(step.manual_sql)},
          {"undo", undo_json(step)},
          {"takes_away", old_name_json(step)}};
}

Json to_json(const PlannedMigration& migration) {
  Json steps = Json::array();
  for (const PlannedStep& each : migration.steps) steps.push_back(to_json(each));
  return {{"id", migration.id},
          {"label", migration.label},
          {"file", migration.file},
          {"one_transaction", !migration.stepwise},
          {"why", text_or_null(migration.why)},
          {"steps", std::move(steps)}};
}

Json to_json(const Plan& plan) {
  Json migrations = Json::array();
  for (const PlannedMigration& each : plan.migrations) migrations.push_back(to_json(each));
  return {{"digest", text_or_null(plan.digest)}, {"migrations", std::move(migrations)}};
}

std::string stored_text(const PlannedMigration& migration) {
  Json steps = Json::array();
  for (const PlannedStep& each : migration.steps) steps.push_back(stored_step(each));
  const Json stored = {{"format", kStoredFormat},
                       {"id", migration.id},
                       {"label", migration.label},
                       {"file", migration.file},
                       {"checksum", migration.checksum},
                       {"stepwise", migration.stepwise},
                       {"why", migration.why},
                       {"steps", std::move(steps)},
                       {"contract", section_json(migration.contract)},
                       {"wait_ms", migration.wait ? Json(migration.wait->count()) : Json()},
                       {"calls", migration.calls},
                       {"undoes", migration.undoes}};
  return stored.dump();
}

PlannedMigration from_stored(const std::string& text) try {
  const Json stored = Json::parse(text);
  if (stored.at("format") != kStoredFormat) throw Json::out_of_range::create(0, "another format", nullptr);
  PlannedMigration migration;
  migration.id = stored.at("id");
  migration.label = stored.at("label");
  migration.file = stored.at("file");
  migration.checksum = stored.at("checksum");
  migration.stepwise = stored.at("stepwise");
  migration.why = stored.at("why");
  for (const Json& each : stored.at("steps")) migration.steps.push_back(step_from(each));
  const Json& section = stored.at("contract");
  if (section.is_object()) migration.contract = SourceText{section.at("sql"), section.at("file"), section.at("line")};
  if (stored.at("wait_ms").is_number()) migration.wait = Milliseconds(stored.at("wait_ms"));
  migration.calls = stored.at("calls");
  migration.undoes = stored.at("undoes");
  return migration;
} catch (const Json::exception& problem) {
  throw Error(ErrorKind::partial, std::string("the stored plan of an unfinished run cannot be read: ") + problem.what())
      .leaves("the migration is partly applied; this run changed nothing")
      .next("go on with the martlet version that began it, or a later one");
}

}  // namespace martlet
