// A session that forgot its transaction keeps its locks, and VACUUM from its work.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/kind.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr std::string_view kQuestion = R"(
  SELECT floor(extract(epoch FROM clock_timestamp() - state_change))::bigint, pid, coalesce(application_name, '')
  FROM pg_catalog.pg_stat_activity
  WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND pid <> pg_catalog.pg_backend_pid()
  ORDER BY 1 DESC NULLS LAST LIMIT 1)";

GateMeasurement read(GateWorld& world, const Gate& gate) {
  const Result found = world.ask({std::string(kQuestion), {}}, gate.timeout);
  if (found.rows.empty()) return GateMeasurement::of(0, "none");
  const Row& row = found.rows[0];
  return GateMeasurement::of(static_cast<double>(number_of(row[0])),
                             fmt::format("pid {} {}", text_of(row[1]), text_of(row[2])));
}

const Registered<BuiltinGate> kGate{{
    .id = "idle_in_transaction",
    .summary = "how long the session has been idle that forgot its transaction",
    .value = "s",
    .success = "value <= 300",
    .failure = "",
    .only = Dialect::postgres,
    .read = read,
}};

}  // namespace
}  // namespace martlet
