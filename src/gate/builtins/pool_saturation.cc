// Do clients wait for a server connection of pgbouncer's? SHOW POOLS of its console tells it for each pool.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "db/postgres/console.h"
#include "gate/kind.h"

namespace martlet {
namespace {

// The columns differ from version to version: those that are there become variables.
Sample pool_of(const std::vector<std::string>& columns, const Row& row) {
  Sample sample;
  for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
    if (!row[i]) continue;
    if (columns[i] == "database" || columns[i] == "user") {
      sample.label += (sample.label.empty() ? "" : "/") + *row[i];
    } else if (columns[i] == "cl_waiting" || columns[i] == "maxwait") {
      sample.values[columns[i]] = Scalar::of(*row[i]);
    }
  }
  return sample;
}

GateMeasurement read(GateWorld&, const Gate& gate) {
  const Result pools = postgres::ask_console(Url::parse(gate.url), "SHOW POOLS", gate.timeout);
  GateMeasurement measured;
  for (const Row& row : pools.rows) {
    Sample sample = pool_of(pools.columns, row);
    const auto waiting = sample.values.find("cl_waiting");
    if (waiting == sample.values.end()) return GateMeasurement::nothing("SHOW POOLS has no column cl_waiting");
    sample.values["value"] = waiting->second;
    measured.samples.push_back(std::move(sample));
  }
  return measured;
}

const Registered<BuiltinGate> kGate{{
    .id = "pool_saturation",
    .summary = "clients of pgbouncer that wait (`value`, `cl_waiting`), and for how many seconds (`maxwait`), by pool",
    .value = "clients",
    .success = "maxwait < 1",
    .failure = "maxwait >= 5",
    .only = Dialect::postgres,
    .needs = {"url"},
    .in_health = BuiltinGate::InHealth::left_out,
    .read = read,
}};

}  // namespace
}  // namespace martlet
