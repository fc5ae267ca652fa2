#include "effects/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace martlet {
namespace {

using Names = std::set<std::string>;

std::string full_name(const RelationEffect& effect) {
  return effect.schema == "public" ? effect.name : fmt::format("{}.{}", effect.schema, effect.name);
}

bool is_catalog(const RelationEffect& effect) {
  return effect.schema == "pg_catalog";
}

/// Of each relation, where it is one that counts.
std::map<std::string, LockMode> strong_locks(const Effects& effects) {
  std::map<std::string, LockMode> locks;
  for (const RelationEffect& each : effects.relations) {
    if (each.strongest() >= LockMode::row_exclusive && !is_catalog(each)) locks[full_name(each)] = each.strongest();
  }
  return locks;
}

template <class Wanted>
Names names_of(const Effects& effects, const Wanted& wanted) {
  Names names;
  for (const RelationEffect& each : effects.relations) {
    if (wanted(each) && !is_catalog(each)) names.insert(full_name(each));
  }
  return names;
}

std::string difference(const Names& all, const Names& without) {
  std::vector<std::string> left;
  std::ranges::set_difference(all, without, std::back_inserter(left));
  return join(left, " ");
}

void compare_sets(std::string_view what, const Names& predicted, const Names& measured,
                  std::vector<std::string>& found) {
  if (predicted == measured) return;
  const std::string missed = difference(measured, predicted);
  const std::string invented = difference(predicted, measured);
  if (!missed.empty()) found.push_back(fmt::format("{}: not predicted: {}", what, missed));
  if (!invented.empty()) found.push_back(fmt::format("{}: predicted, did not happen: {}", what, invented));
}

void compare_locks(const Effects& predicted, const Effects& measured, std::vector<std::string>& found) {
  const auto ours = strong_locks(predicted);
  const auto theirs = strong_locks(measured);
  const auto said = [](const std::map<std::string, LockMode>& locks, const std::string& name) {
    const auto at = locks.find(name);
    return at == locks.end() ? std::string_view("none") : lock_name(at->second);
  };
  Names names;
  for (const auto& [name, lock] : ours) names.insert(name);
  for (const auto& [name, lock] : theirs) names.insert(name);
  for (const std::string& name : names) {
    if (said(ours, name) == said(theirs, name)) continue;
    found.push_back(fmt::format("lock on {}: predicted {}, measured {}", name, said(ours, name), said(theirs, name)));
  }
}

std::string error_of(const Effects& effects) {
  return effects.error ? fmt::format("{} {}", effects.error->sqlstate, effects.error->message) : "no error";
}

}  // namespace

std::vector<std::string> disagreements(const Effects& predicted, const Effects& measured) {
  std::vector<std::string> found;
  if (predicted.transactional != measured.transactional) {
    found.push_back(fmt::format("predicted {}, measured {}",
                                predicted.transactional ? "transactional" : "refused in a transaction block",
                                measured.transactional ? "transactional" : "refused in a transaction block"));
  }
  if (!predicted.transactional || !measured.transactional) return found;
  if (predicted.error.has_value() != measured.error.has_value()) {
    found.push_back(fmt::format("predicted {}, measured {}", error_of(predicted), error_of(measured)));
  }
  if (predicted.error || measured.error) return found;
  compare_locks(predicted, measured, found);
  const auto rewritten = [](const RelationEffect& each) { return each.rewrite; };
  const auto scanned = [](const RelationEffect& each) { return each.scan || each.rewrite; };
  const auto rebuilt = [](const RelationEffect& each) { return each.rebuilt; };
  compare_sets("rewrite", names_of(predicted, rewritten), names_of(measured, rewritten), found);
  compare_sets("scan", names_of(predicted, scanned), names_of(measured, scanned), found);
  compare_sets("rebuilt", names_of(predicted, rebuilt), names_of(measured, rebuilt), found);
  return found;
}

bool is_up_to_the_rows(const Effects& predicted, const Effects& measured) {
  if (predicted.error || !measured.error) return false;
  const std::string& code = measured.error->sqlstate;
  return code.starts_with("22") || code == "23503" || code == "23505" || code == "23514" || code == "23P01";
}

void add_later(Effects& whole, const Effects& later) {
  for (const RelationEffect& effect : later.relations) {
    const auto at = std::ranges::find(whole.relations, effect.id, &RelationEffect::id);
    if (at == whole.relations.end()) {
      whole.relations.push_back(effect);
      continue;
    }
    std::vector<LockMode> locks;
    std::ranges::set_union(at->locks, effect.locks, std::back_inserter(locks));
    at->locks = std::move(locks);
    at->rewrite |= effect.rewrite;
    at->scan |= effect.scan;
    at->rebuilt |= effect.rebuilt;
  }
  whole.transactional &= later.transactional;
  whole.known &= later.known;
  if (whole.unknown_reason.empty()) whole.unknown_reason = later.unknown_reason;
  whole.error = later.error;
  if (later.error) whole.relations.clear();
}

}  // namespace martlet
