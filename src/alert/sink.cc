#include "alert/sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace martlet {
namespace {

constexpr std::array<std::string_view, 3> kOfEach{"name", "kind", "timeout"};

const SinkKind& kind_of(const ConfigRecord& record) {
  const std::string id = record.text("kind");
  if (const SinkKind* found = Registry<SinkKind>::find(id)) return *found;
  std::vector<std::string> ids;
  for (const SinkKind* each : Registry<SinkKind>::all()) ids.emplace_back(each->id);
  const auto meant = nearest(id, ids);
  throw record
      .wrong("kind", id.empty() ? "a [[sink]] needs a kind" : fmt::format("there is no kind of sink \"{}\"", id))
      .next(meant ? fmt::format("did you mean {}?", *meant) : "there are: " + join(ids, ", "));
}

bool has(const std::vector<std::string_view>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void check_keys(const ConfigRecord& record, const SinkKind& kind) {
  for (const std::string_view key : kind.needs) {
    if (!record.is_set(key)) {
      throw record.wrong(key, fmt::format("a sink of the kind {} needs \"{}\"", kind.id, key)).next("add it");
    }
  }
  for (const auto& [key, field] : record.fields) {
    const bool own = std::find(kOfEach.begin(), kOfEach.end(), key) != kOfEach.end();
    if (own || !field.place.known() || has(kind.needs, key) || has(kind.takes, key)) continue;
    std::vector<std::string> known{"name", "kind", "timeout"};
    for (const std::string_view each : kind.needs) known.emplace_back(each);
    for (const std::string_view each : kind.takes) known.emplace_back(each);
    throw record.wrong(key, fmt::format("\"{}\" is not for a sink of the kind {}", key, kind.id))
        .next("it may have: " + join(known, ", "));
  }
}

}  // namespace

std::unique_ptr<Sink> make_sink(const ConfigRecord& record) {
  if (!record.is_set("name")) throw record.wrong("name", "a [[sink]] needs a name").next("add name = \"…\"");
  const SinkKind& kind = kind_of(record);
  check_keys(record, kind);
  return kind.make(record);
}

}  // namespace martlet
