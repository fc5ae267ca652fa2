// How long has the session waited that waits longest for a lock? pg_locks.waitstart is there from PostgreSQL 14 on.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/kind.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr std::string_view kQuestion = R"(
  SELECT floor(extract(epoch FROM clock_timestamp() - {since}) * 1000)::bigint, l.pid, coalesce(a.application_name, '')
  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
  WHERE NOT l.granted AND a.datname = current_database() AND {since} IS NOT NULL
  ORDER BY 1 DESC LIMIT 1)";

GateMeasurement read(GateWorld& world, const Gate& gate) {
  const char* since = world.connection().version() >= 140000 ? "l.waitstart" : "a.state_change";
  const Result found = world.ask({fmt::format(fmt::runtime(kQuestion), fmt::arg("since", since)), {}}, gate.timeout);
  if (found.rows.empty()) return GateMeasurement::of(0, "nobody waits for a lock");
  const Row& row = found.rows[0];
  return GateMeasurement::of(
      static_cast<double>(number_of(row[0])),
      fmt::format("pid {}{}{}", text_of(row[1]), text_of(row[2]).empty() ? "" : ", ", text_of(row[2])));
}

const Registered<BuiltinGate> kGate{{
    .id = "lock_wait",
    .summary = "the longest wait for a lock in this database",
    .value = "ms",
    .success = "value < 5000",
    .failure = "value > 30000",
    .only = Dialect::postgres,
    .read = read,
}};

}  // namespace
}  // namespace martlet
