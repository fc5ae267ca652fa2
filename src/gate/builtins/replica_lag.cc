// How far is the last standby behind? As the throttle asks it, which needs to have looked before.
#include "base/registry.h"
#include "gate/kind.h"
#include "watch/probe.h"

namespace martlet {
namespace {

class ReplicaLag : public Gauge {
 public:
  ReplicaLag() : probe_(find_probe("replica_lag")->start({})) {}

  GateMeasurement read(GateWorld& world) override {
    const ProbeReading reading = probe_->read(world.connection());
    if (!reading.value) return GateMeasurement::nothing(reading.about);
    return GateMeasurement::of(*reading.value, reading.warning.empty() ? reading.about : reading.warning);
  }

 private:
  std::unique_ptr<ProbeRun> probe_;
};

const Registered<BuiltinGate> kGate{{
    .id = "replica_lag",
    .summary = "how far the last replica is behind",
    .value = "ms",
    .success = "value < 10000",
    .failure = "value > 60000",
    .only = Dialect::postgres,
    .start = [](const Gate&) -> std::unique_ptr<Gauge> { return std::make_unique<ReplicaLag>(); },
}};

}  // namespace
}  // namespace martlet
