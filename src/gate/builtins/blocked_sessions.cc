// How many sessions stand still because others hold what they want?
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/kind.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr std::string_view kQuestion = R"(
  SELECT count(*) FROM pg_catalog.pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'
    AND cardinality(pg_catalog.pg_blocking_pids(pid)) > 0)";

GateMeasurement read(GateWorld& world, const Gate& gate) {
  return GateMeasurement::of(
      static_cast<double>(number_of(world.ask({std::string(kQuestion), {}}, gate.timeout).rows[0][0])));
}

const Registered<BuiltinGate> kGate{{
    .id = "blocked_sessions",
    .summary = "sessions that wait for a lock in this database",
    .value = "sessions",
    .success = "value < 3",
    .failure = "",
    .only = Dialect::postgres,
    .read = read,
}};

}  // namespace
}  // namespace martlet
