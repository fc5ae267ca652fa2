// How far is the standby that is furthest behind, in bytes of log?
#include <fmt/format.h>

#include "base/registry.h"
#include "watch/probe.h"
#include "watch/replication.h"

namespace martlet {
namespace {

class ReplicaBytes : public ProbeRun {
 public:
  ProbeReading read(Connection& server) override {
    ProbeReading worst{.value = 0, .about = "no replica is behind"};
    for (const Standby& standby : replication_.look(server)) {
      if (!standby.bytes) return {.about = fmt::format("{} does not say what it has replayed", standby.name)};
      const auto bytes = static_cast<double>(*standby.bytes);
      if (bytes > *worst.value) worst = {.value = bytes, .about = standby.name};
    }
    return worst;
  }

 private:
  Replication replication_;
};

const Registered<Probe> kProbe{{
    .id = "replica_bytes",
    .summary = "how far the last replica is behind, in bytes of log",
    .unit = ProbeUnit::bytes,
    .start = [](const ProbeSettings&) -> std::unique_ptr<ProbeRun> { return std::make_unique<ReplicaBytes>(); },
}};

}  // namespace
}  // namespace martlet
