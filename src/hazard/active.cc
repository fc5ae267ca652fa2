#include "hazard/active.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::array<std::string_view, 4> kWords{"off", "info", "warning", "error"};

Finding::Severity as_found(Hazard::Severity severity) {
  if (severity == Hazard::Severity::error) return Finding::Severity::error;
  return severity == Hazard::Severity::warning ? Finding::Severity::warning : Finding::Severity::note;
}

bool looks_at(const Hazard& hazard, std::size_t kind) {
  return hazard.on.empty() || std::ranges::count(hazard.on, static_cast<PgQuery__Node__NodeCase>(kind)) > 0;
}

}  // namespace

std::string_view severity_word(Hazard::Severity severity) {
  return kWords[static_cast<std::size_t>(severity)];
}

std::optional<Hazard::Severity> severity_of_word(std::string_view word) {
  const auto at = std::ranges::find(kWords, word);
  if (at == kWords.end()) return std::nullopt;
  return static_cast<Hazard::Severity>(at - kWords.begin());
}

ActiveHazards::ActiveHazards(Dialect dialect, const std::map<std::string, Hazard::Severity>& severities) {
  for (const auto& [id, severity] : severities) require_hazard(id);
  for (const Hazard* hazard : Registry<Hazard>::all()) {
    if (hazard->dialect != dialect && !hazard->both_dialects) continue;
    const auto wanted = severities.find(std::string(hazard->id));
    const Hazard::Severity severity = wanted == severities.end() ? hazard->severity : wanted->second;
    if (severity != Hazard::Severity::off) all_.push_back({hazard, as_found(severity)});
  }
  std::stable_partition(all_.begin(), all_.end(), [](const ActiveHazard& active) { return !active.hazard->last; });
  std::size_t kinds = 0;
  for (const ActiveHazard& active : all_) {
    for (const auto kind : active.hazard->on) kinds = std::max(kinds, static_cast<std::size_t>(kind) + 1);
  }
  by_kind_.resize(kinds);
  for (const ActiveHazard& active : all_) {
    if (!active.hazard->check) continue;
    const bool has_no_tree = dialect == Dialect::sqlite;
    if (active.hazard->on.empty() || has_no_tree) unselective_.push_back(active);
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      if (looks_at(*active.hazard, kind)) by_kind_[kind].push_back(active);
    }
  }
}

const std::vector<ActiveHazard>& ActiveHazards::of(const Node* node) const {
  const auto kind = node ? static_cast<std::size_t>(node->node_case) : by_kind_.size();
  return kind < by_kind_.size() ? by_kind_[kind] : unselective_;
}

const ActiveHazard* ActiveHazards::find(std::string_view id) const {
  const auto at = std::ranges::find(all_, id, [](const ActiveHazard& active) { return active.hazard->id; });
  return at == all_.end() ? nullptr : &*at;
}

std::string nearest_hazard(std::string_view id) {
  std::vector<std::string> ids;
  for (const Hazard* hazard : Registry<Hazard>::all()) ids.emplace_back(hazard->id);
  const auto near = nearest(id, ids);
  return near ? fmt::format("did you mean {}?", *near) : "see all of them with `martlet explain`";
}

void require_hazard(std::string_view id, const Place& place) {
  if (Registry<Hazard>::find(id)) return;
  throw Error(ErrorKind::usage, fmt::format("no hazard is called \"{}\"", id)).at(place).next(nearest_hazard(id));
}

}  // namespace martlet
