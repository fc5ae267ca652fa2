#include "run/goal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/text.h"

namespace martlet {
namespace {

bool same_number(std::string_view a, std::string_view b) {
  return !natural_less(a, b) && !natural_less(b, a);
}

std::string_view without_zeros(std::string_view text) {
  while (text.size() > 1 && text[0] == '0') text.remove_prefix(1);
  return text;
}

std::string version_of(const StandingEntry& entry) {
  return entry.migration ? entry.migration->version : entry.row->version;
}

bool names_exactly(const StandingEntry& entry, std::string_view text) {
  if (entry.id() == text || entry.label() == text) return true;
  const std::string version = version_of(entry);
  if (version.empty()) return false;
  if (version == text || same_number(without_zeros(version), without_zeros(text))) return true;
  return entry.migration && std::filesystem::path(entry.migration->file).stem() == std::string(text);
}

bool names_by_prefix(const StandingEntry& entry, std::string_view text) {
  const std::string version = version_of(entry);
  return !version.empty() && (version.starts_with(text) || entry.label().starts_with(text));
}

template <class Matches>
std::vector<const StandingEntry*> matching(const std::vector<StandingEntry>& entries, std::string_view text,
                                           Matches matches) {
  std::vector<const StandingEntry*> found;
  for (const StandingEntry& entry : entries) {
    if (matches(entry, text)) found.push_back(&entry);
  }
  const auto is_versioned = [](const StandingEntry* entry) {
    return !entry->migration || entry->migration->kind == MigrationKind::versioned;
  };
  if (found.size() > 1 && std::count_if(found.begin(), found.end(), is_versioned) == 1) {
    found = {*std::find_if(found.begin(), found.end(), is_versioned)};
  }
  return found;
}

bool is_repeatable(const StandingEntry& entry) {
  return entry.migration ? entry.migration->kind == MigrationKind::repeatable
                         : entry.row->kind == kind_name(MigrationKind::repeatable);
}

bool is_applied(const StandingEntry& entry) {
  return entry.row && entry.row->counts_as_applied();
}

}  // namespace

Goal Goal::parse(std::string_view text) {
  if (text == "head" || text == "heads" || text == "latest") return {};
  if (text == "base") return {.kind = Kind::base};
  if (text.starts_with('+') || text.starts_with('-')) {
    Goal goal{.kind = Kind::steps};
    const std::string_view digits = text.substr(text.starts_with('+') ? 1 : 0);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), goal.steps);
    if (failure == std::errc() && end == digits.data() + digits.size() && goal.steps != 0) return goal;
    throw Error(ErrorKind::usage, fmt::format("\"{}\" is not a number of steps", text))
        .next("write +2 or -1, a version, head or base");
  }
  return {.kind = Kind::version, .version = std::string(text)};
}

const StandingEntry& find_version(const std::vector<StandingEntry>& entries, std::string_view version) {
  auto found = matching(entries, version, names_exactly);
  if (found.empty()) found = matching(entries, version, names_by_prefix);
  if (found.size() == 1) return *found.front();
  if (found.empty()) {
    throw Error(ErrorKind::usage, fmt::format("there is no migration \"{}\"", version))
        .next("see `martlet status` for the versions there are");
  }
  std::vector<std::string> labels;
  for (const StandingEntry* entry : found) labels.push_back(entry->label());
  throw Error(ErrorKind::usage, fmt::format("\"{}\" could be any of {}", version, join(labels, ", ")))
      .next("write more of the version");
}

std::vector<const StandingEntry*> pending_until(const std::vector<StandingEntry>& entries, const Goal& goal) {
  if (goal.kind == Goal::Kind::base || goal.steps < 0) {
    throw Error(ErrorKind::usage, "up does not go backwards").next("use `martlet down` or `martlet goto`");
  }
  const StandingEntry* last = goal.kind == Goal::Kind::version ? &find_version(entries, goal.version) : nullptr;
  std::vector<const StandingEntry*> pending;
  for (const StandingEntry& entry : entries) {
    const bool wanted = entry.to_run() && (goal.kind == Goal::Kind::head || !is_repeatable(entry));
    const bool enough = goal.kind == Goal::Kind::steps && pending.size() == static_cast<std::size_t>(goal.steps);
    if (wanted && !enough) pending.push_back(&entry);
    if (&entry == last) break;
  }
  return pending;
}

std::vector<const StandingEntry*> applied_beyond(const std::vector<StandingEntry>& entries, const Goal& goal) {
  if (goal.kind == Goal::Kind::head || goal.steps > 0) {
    throw Error(ErrorKind::usage, "down does not go forwards").next("use `martlet up` or `martlet goto`");
  }
  std::vector<const StandingEntry*> applied;
  for (const StandingEntry& entry : entries) {
    if (is_applied(entry) && !is_repeatable(entry)) applied.push_back(&entry);
  }
  std::sort(applied.begin(), applied.end(),
            [](const auto* a, const auto* b) { return a->row->installed_order > b->row->installed_order; });
  if (goal.kind == Goal::Kind::base) return applied;
  if (goal.kind == Goal::Kind::steps) {
    applied.resize(std::min(applied.size(), static_cast<std::size_t>(-goal.steps)));
    return applied;
  }
  const StandingEntry& target = find_version(entries, goal.version);
  const auto place = std::find(applied.begin(), applied.end(), &target);
  if (place == applied.end()) {
    throw Error(ErrorKind::usage, fmt::format("{} is not applied, so there is no way down to it", target.label()))
        .next("see `martlet status`; `martlet goto` goes to a version in whichever direction");
  }
  applied.erase(place, applied.end());
  return applied;
}

}  // namespace martlet
