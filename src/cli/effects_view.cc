#include "cli/effects_view.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

using Json = nlohmann::ordered_json;

std::string name_at(const EffectsAnswer& answer, std::size_t index) {
  if (index < answer.names.size()) return answer.names[index];
  return answer.predicted.relations[index].name;
}

std::string what_happens(const RelationEffect& effect) {
  std::vector<std::string> words;
  if (effect.rewrite) words.emplace_back("rewritten");
  if (effect.scan && !effect.rewrite) words.emplace_back("read from end to end");
  if (effect.rebuilt) words.emplace_back("built anew");
  return join(words, ", ");
}

/// Of what an application does to the relation meanwhile.
std::string who_waits(const RelationEffect& effect) {
  const LockMode lock = effect.strongest();
  if (effect.locks.empty() || (!blocks_writes(lock) && lock != LockMode::share_update_exclusive)) return "nobody";
  if (blocks_reads(lock)) return "reads and writes";
  return blocks_writes(lock) ? "writes" : "other DDL, VACUUM";
}

Style style_of(const RelationEffect& effect) {
  const bool is_long = effect.rewrite || effect.scan || effect.rebuilt;
  if (effect.locks.empty() || !blocks_writes(effect.strongest())) return Style::plain;
  return is_long ? Style::bad : Style::warning;
}

/// Readers' locks on what is only looked at say nothing to a reader of the table.
bool is_worth_a_row(const RelationEffect& effect) {
  return effect.strongest() >= LockMode::row_exclusive || effect.scan || effect.rebuilt || effect.rewrite;
}

void show_relations(Output& output, const EffectsAnswer& answer) {
  std::vector<std::vector<Cell>> rows;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < answer.predicted.relations.size(); ++i) {
    const RelationEffect& each = answer.predicted.relations[i];
    if (!is_worth_a_row(each) && !output.options().verbose) {
      ++left_out;
      continue;
    }
    rows.push_back({{"  " + name_at(answer, i), Style::strong},
                    {each.locks.empty() ? "none" : std::string(lock_words(each.strongest())), style_of(each)},
                    {what_happens(each), style_of(each)},
                    {who_waits(each)}});
  }
  if (!rows.empty()) output.table({"  relation", "lock", "what happens", "who waits"}, rows);
  if (left_out > 0) output.line(fmt::format("  {} more are only looked at (see --verbose)", left_out), Style::dim);
  if (rows.empty() && left_out == 0) output.line("  locks nothing that was there before");
}

std::string milliseconds(double value) {
  if (value < 10) return fmt::format("{:.1f} ms", value);
  if (value < 10'000) return fmt::format("{:.0f} ms", value);
  return value < 600'000 ? fmt::format("{:.0f} s", value / 1000) : fmt::format("{:.0f} min", value / 60'000);
}

void show_rest(Output& output, const Effects& effects) {
  if (effects.estimate) {
    output.line(
        fmt::format("  for about {} to {}", milliseconds(effects.estimate->low), milliseconds(effects.estimate->high)));
  }
  if (!effects.transactional) output.line("  cannot run inside a transaction block", Style::warning);
  if (effects.error) {
    output.line(fmt::format("  would fail: {} ({})", effects.error->message, effects.error->sqlstate), Style::bad);
  }
  if (!effects.known) {
    output.line(fmt::format("  not the whole truth: {}", effects.unknown_reason), Style::warning);
  }
  for (const std::string& each : effects.assumptions) output.line("  assumed: " + each, Style::dim);
}

Json relations_json(const Effects& effects, const std::vector<std::string>& names) {
  Json relations = Json::array();
  for (std::size_t i = 0; i < effects.relations.size(); ++i) {
    const RelationEffect& each = effects.relations[i];
    Json locks = Json::array();
    for (const LockMode mode : each.locks) locks.push_back(lock_name(mode));
    relations.push_back({{"name", i < names.size() ? names[i] : each.name},
                         {"locks", std::move(locks)},
                         {"rewrite", each.rewrite},
                         {"scan", each.scan},
                         {"rebuilt", each.rebuilt}});
  }
  return relations;
}

Json error_json(const Effects& effects) {
  if (!effects.error) return nullptr;
  return effects.error->sqlstate.empty() ? effects.error->message : effects.error->sqlstate;
}

/// To a tenth of a millisecond.
double rounded(double value) {
  return std::round(value * 10) / 10;
}

}  // namespace

void show_effects(Output& output, const EffectsAnswer& answer) {
  output.line(cut_to_width(one_line(answer.statement), static_cast<std::size_t>(output.options().width)),
              Style::strong);
  if (!answer.predicted.error) show_relations(output, answer);
  show_rest(output, answer.predicted);
  if (!answer.measured) return;
  if (answer.up_to_the_rows) {
    return output.line(fmt::format("  measured: fails for the rows that the copy has: {} ({})",
                                   answer.measured->error->message, answer.measured->error->sqlstate),
                       Style::warning);
  }
  if (answer.disagrees.empty()) return output.line("  measured: the same", Style::good);
  for (const std::string& each : answer.disagrees) output.line("  differs: " + each, Style::bad);
}

Json effects_json(const EffectsAnswer& answer) {
  const Effects& effects = answer.predicted;
  Json json{{"statement", answer.statement},
            {"relations", relations_json(effects, answer.names)},
            {"transactional", effects.transactional},
            {"error", error_json(effects)},
            {"estimate_ms", nullptr},
            {"known", effects.known}};
  if (effects.estimate) json["estimate_ms"] = {rounded(effects.estimate->low), rounded(effects.estimate->high)};
  if (!answer.measured) return json;
  json["measured"] = {{"relations", relations_json(*answer.measured, {})},
                      {"transactional", answer.measured->transactional},
                      {"error", error_json(*answer.measured)}};
  json["disagrees"] = answer.disagrees;
  return json;
}

}  // namespace martlet
