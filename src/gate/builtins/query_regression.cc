// Is the query as fast as it was? Compared with the recorded baseline, else with how it was before the run.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "gate/kind.h"
#include "gate/query_profile.h"

namespace martlet {
namespace {

// What takes less is noise, not speed.
constexpr double kShortest = 1.0;  // ms

class QueryRegression : public Gauge {
 public:
  explicit QueryRegression(Gate gate) : gate_(std::move(gate)) {}

  void prepare(GateWorld& world) override {
    if (!recorded_baseline(world, gate_)) before_ = profile_query(world, gate_);
  }

  GateMeasurement read(GateWorld& world) override {
    auto before = recorded_baseline(world, gate_);
    if (!before) before = before_;
    if (!before) return GateMeasurement::nothing("there is no baseline of this query: `martlet gates record`");
    const QueryProfile now = profile_query(world, gate_);
    Sample sample;
    sample.values["value"] = Scalar::of(std::max(now.ms, kShortest) / std::max(before->ms, kShortest));
    sample.values["ms"] = Scalar::of(now.ms);
    sample.values["cost"] = Scalar::of(now.cost / std::max(before->cost, 1.0));
    const std::string when = before->at.empty() ? "before the run" : "at " + before->at;
    return {.samples = {std::move(sample)}, .about = fmt::format("{:.1f} ms {}", before->ms, when)};
  }

 private:
  Gate gate_;
  std::optional<QueryProfile> before_;
};

const Registered<BuiltinGate> kGate{{
    .id = "query_regression",
    .summary = "how many times as long `query` takes as its baseline (`value`; by the planner's reckoning: `cost`)",
    .value = "times",
    .success = "value <= 1.5",
    .failure = "value > 3",
    .only = Dialect::postgres,
    .needs = {"query"},
    .takes = {},
    .in_health = BuiltinGate::InHealth::left_out,
    .start = [](const Gate& gate) -> std::unique_ptr<Gauge> { return std::make_unique<QueryRegression>(gate); },
}};

}  // namespace
}  // namespace martlet
