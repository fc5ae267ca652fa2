// For how long has the run been at work that has the lease?
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/kind.h"
#include "history/values.h"

namespace martlet {
namespace {

GateMeasurement read(GateWorld& world, const Gate& gate) {
  if (!Ledger::read(world.connection(), world.names(), Ledger::Detail::standing).exists()) {
    return GateMeasurement::does_not_apply("martlet has no tables in this database yet");
  }
  const std::string age = world.dialect() == Dialect::postgres
                              ? "floor(extract(epoch FROM clock_timestamp() - since))::bigint"
                              : "CAST((julianday('now') - julianday(since)) * 86400 AS INTEGER)";
  const Result found = world.ask(
      {fmt::format("SELECT {}, actor, host FROM {} WHERE run_id <> ''", age, world.names().lease), {}}, gate.timeout);
  if (found.rows.empty()) return GateMeasurement::of(0, "no run is at work");
  const Row& row = found.rows[0];
  return GateMeasurement::of(static_cast<double>(number_of(row[0])),
                             fmt::format("{}@{}", text_of(row[1]), text_of(row[2])));
}

const Registered<BuiltinGate> kGate{{
    .id = "long_run",
    .summary = "how long the run that has the lease has been at work",
    .value = "s",
    .success = "value <= 300",
    .failure = "",
    .read = read,
}};

}  // namespace
}  // namespace martlet
