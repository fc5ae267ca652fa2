// Does the planner use the index for the query that it was made for? Without `index`: does it still use those that it
// used before?
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "gate/kind.h"
#include "gate/query_profile.h"

namespace martlet {
namespace {

class IndexUsed : public Gauge {
 public:
  explicit IndexUsed(Gate gate) : gate_(std::move(gate)) {}

  void prepare(GateWorld& world) override {
    if (gate_.index.empty() && !recorded_baseline(world, gate_)) before_ = plan_query(world, gate_);
  }

  GateMeasurement read(GateWorld& world) override {
    const QueryProfile now = plan_query(world, gate_);
    const std::string used =
        now.indexes.empty() ? "the plan uses no index" : "the plan uses " + join(now.indexes, ", ");
    std::vector<std::string> wanted{gate_.index};
    if (gate_.index.empty()) {
      const auto before = recorded_baseline(world, gate_);
      if (!before && !before_) return GateMeasurement::nothing("no `index`, and no baseline: `martlet gates record`");
      wanted = before ? before->indexes : before_->indexes;
      if (wanted.empty()) return GateMeasurement::nothing("the query used no index before, and none is named");
    }
    for (const std::string& index : wanted) {
      if (std::ranges::find(now.indexes, index) == now.indexes.end()) {
        return GateMeasurement::of(0, fmt::format("{}, not {}", used, index));
      }
    }
    return GateMeasurement::of(1, used);
  }

 private:
  Gate gate_;
  std::optional<QueryProfile> before_;
};

const Registered<BuiltinGate> kGate{{
    .id = "index_used",
    .summary = "the plan of `query` uses `index`; without one, those that it used before",
    .value = "1 where it does",
    .success = "value == 1",
    .failure = "",
    .only = Dialect::postgres,
    .needs = {"query"},
    .takes = {"index"},
    .in_health = BuiltinGate::InHealth::left_out,
    .start = [](const Gate& gate) -> std::unique_ptr<Gauge> { return std::make_unique<IndexUsed>(gate); },
}};

}  // namespace
}  // namespace martlet
