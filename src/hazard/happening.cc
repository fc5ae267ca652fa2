#include "hazard/happening.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/nodes.h"

namespace martlet {
namespace {

constexpr std::size_t kMostNamed = 5;

std::string_view who_waits(LockMode mode) {
  if (blocks_reads(mode)) return "nobody can read or write";
  return "nobody can write";
}

std::string work_on(const RelationEffect& effect) {
  if (effect.rewrite) return ", writes it anew";
  if (effect.rebuilt) return ", builds it anew";
  return effect.scan ? ", reads all of it" : "";
}

std::string seconds(double milliseconds) {
  if (milliseconds < 1) return "1 ms";
  return milliseconds < 1000 ? fmt::format("{:.0f} ms", milliseconds) : fmt::format("{:.1f} s", milliseconds / 1000);
}

std::string estimate(const TimeRange& range) {
  if (range.low < 1) return "up to " + seconds(range.high);
  const std::string low = seconds(range.low);
  const std::string high = seconds(range.high);
  return low == high ? "about " + low : fmt::format("about {} to {}", low, high);
}

bool is_worth_saying(const RelationEffect& effect) {
  const bool is_index = effect.kind == RelationKind::index || effect.kind == RelationKind::partitioned_index;
  return blocks_writes(effect.strongest()) && (!is_index || effect.rebuilt);
}

}  // namespace

std::string happening(const Effects& effects) {
  std::vector<std::string> parts;
  std::size_t more = 0;
  for (const RelationEffect& each : effects.relations) {
    if (!is_worth_saying(each)) continue;
    if (parts.size() == kMostNamed) {
      ++more;
      continue;
    }
    const bool shown = each.schema.empty() || each.schema == "public";
    parts.push_back(fmt::format("locks {} ({}: {}){}", QualifiedName{shown ? "" : each.schema, each.name}.text(),
                                lock_words(each.strongest()), who_waits(each.strongest()), work_on(each)));
  }
  if (parts.empty()) return "";
  if (more > 0) parts.push_back(fmt::format("and {} more", more));
  return join(parts, "; ") + (effects.estimate ? "; " + estimate(*effects.estimate) : "");
}

}  // namespace martlet
