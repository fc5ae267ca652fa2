#include "hazard/impact.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace martlet {
namespace {

void add(Impact& impact, const RelationEffect& effect) {
  impact.rewrite = impact.rewrite || effect.rewrite;
  impact.scan = impact.scan || effect.scan;
  impact.rebuild = impact.rebuild || effect.rebuilt;
  impact.lock = std::max(impact.lock, effect.strongest());
}

void add_family(const Case& at, const Relation& table, Impact& impact) {
  if (const RelationEffect* effect = at.effects.on(table.id); effect && !at.is_new(table.id)) add(impact, *effect);
  for (const ObjectId id : table.indexes) {
    const RelationEffect* effect = at.effects.on(id);
    if (effect && effect->rebuilt) impact.rebuild = true;
  }
  for (const ObjectId id : table.children) {
    if (const Relation* child = at.catalog.relations.get(id)) add_family(at, *child, impact);
  }
}

std::int64_t pages_of(const Case& at, const Relation& relation) {
  std::int64_t pages = relation.is_partitioned() ? 0 : relation.pages;
  for (const ObjectId id : relation.children) {
    const Relation* child = at.catalog.relations.get(id);
    const std::int64_t more = child ? pages_of(at, *child) : 0;
    if (more > 0) pages = std::max<std::int64_t>(pages, 0) + more;
  }
  return pages;
}

std::string size_text(std::int64_t pages) {
  constexpr std::array<std::string_view, 4> kUnits{"kB", "MB", "GB", "TB"};
  double size = static_cast<double>(pages) * 8;
  std::size_t unit = 0;
  while (size >= 1000 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return size < 10 ? fmt::format("{:.1f} {}", size, kUnits[unit]) : fmt::format("{:.0f} {}", size, kUnits[unit]);
}

struct Unit {
  double milliseconds;
  std::string_view name;
};

std::string number_text(double value) {
  return value < 10 ? fmt::format("{:.2g}", value) : fmt::format("{:.0f}", value);
}

std::string duration_text(const TimeRange& range) {
  constexpr std::array<Unit, 4> kUnits{{{3'600'000, "h"}, {60'000, "min"}, {1000, "s"}, {1, "ms"}}};
  const auto fits = [&](const Unit& each) { return range.high >= each.milliseconds; };
  const auto at = std::ranges::find_if(kUnits, fits);
  const Unit& unit = at == kUnits.end() ? kUnits.back() : *at;
  const std::string low = number_text(range.low / unit.milliseconds);
  const std::string high = number_text(range.high / unit.milliseconds);
  return low == high ? fmt::format("{} {}", high, unit.name) : fmt::format("{}–{} {}", low, high, unit.name);
}

}  // namespace

Impact impact_on(const Case& at, const Relation& table) {
  Impact impact;
  add_family(at, table, impact);
  return impact;
}

Impact impact(const Case& at) {
  Impact all;
  for (const RelationEffect& each : at.effects.relations) {
    if (!at.is_new(each.id)) add(all, each);
  }
  return all;
}

std::string shown(const Case& at, const Relation& relation) {
  for (const std::string& schema : at.session.search_path) {
    if ((schema == "$user" ? at.session.user : schema) == relation.schema) return quote_where_needed(relation.name);
  }
  return QualifiedName{relation.schema, relation.name}.text();
}

std::string sized(const Case& at, const Relation& relation) {
  const std::int64_t pages = pages_of(at, relation);
  return pages > 0 ? fmt::format("{} ({})", shown(at, relation), size_text(pages)) : shown(at, relation);
}

std::string waiting(const Case& at, LockMode lock) {
  const std::string_view who = blocks_reads(lock)    ? "nobody can read or write it"
                               : blocks_writes(lock) ? "nobody can write to it"
                                                     : "it stays in use";
  if (!at.effects.estimate) return std::string(who);
  return fmt::format("{} for {}", who, duration_text(*at.effects.estimate));
}

}  // namespace martlet
