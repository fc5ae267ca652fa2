#include "gate/query_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr int kExecutions = 3;  // after one that warms up

using nlohmann::json;

void collect_indexes(const json& node, std::vector<std::string>& indexes) {
  if (node.contains("Index Name")) indexes.push_back(node["Index Name"]);
  if (!node.contains("Plans")) return;
  for (const json& each : node["Plans"]) collect_indexes(each, indexes);
}

json explain(GateWorld& world, const Gate& gate, std::string_view options) {
  const Result found = world.ask({fmt::format("EXPLAIN ({}FORMAT JSON) {}", options, gate.query), {}}, gate.timeout);
  return json::parse(text_of(found.rows.at(0).at(0))).at(0);
}

std::string query_digest(const Gate& gate) {
  return sha256_hex(gate.query).substr(0, 16);
}

}  // namespace

QueryProfile plan_query(GateWorld& world, const Gate& gate) {
  const json answer = explain(world, gate, "");
  QueryProfile profile{.cost = answer["Plan"]["Total Cost"]};
  collect_indexes(answer["Plan"], profile.indexes);
  std::ranges::sort(profile.indexes);
  profile.indexes.erase(std::unique(profile.indexes.begin(), profile.indexes.end()), profile.indexes.end());
  return profile;
}

QueryProfile profile_query(GateWorld& world, const Gate& gate) {
  QueryProfile profile = plan_query(world, gate);
  for (int i = 0; i <= kExecutions; ++i) {
    const double ms = explain(world, gate, "ANALYZE, TIMING OFF, ")["Execution Time"];
    if (i == 1 || (i > 1 && ms < profile.ms)) profile.ms = ms;
  }
  return profile;
}

std::string baseline_detail(const Gate& gate, const QueryProfile& profile) {
  const nlohmann::ordered_json detail{{"gate", gate.name},
                                      {"query", query_digest(gate)},
                                      {"cost", profile.cost},
                                      {"ms", profile.ms},
                                      {"indexes", profile.indexes}};
  return detail.dump();
}

std::optional<QueryProfile> recorded_baseline(GateWorld& world, const Gate& gate) {
  const HistoryNames names = world.names();
  if (!Ledger::read(world.connection(), names, Ledger::Detail::standing).exists()) return std::nullopt;
  const Result found = world.ask(
      {"SELECT detail, " + names.iso("at") + " FROM " + names.audit + " WHERE event = 'baseline' ORDER BY number DESC",
       {}},
      gate.timeout);
  for (const Row& row : found.rows) {
    const json detail = json::parse(text_of(row[0]), nullptr, false);
    if (!detail.is_object() || detail.value("gate", "") != gate.name) continue;
    if (detail.value("query", "") != query_digest(gate)) return std::nullopt;  // the query is another one by now
    return QueryProfile{.cost = detail.value("cost", 0.0),
                        .ms = detail.value("ms", 0.0),
                        .indexes = detail.value("indexes", std::vector<std::string>{}),
                        .at = text_of(row[1])};
  }
  return std::nullopt;
}

}  // namespace martlet
