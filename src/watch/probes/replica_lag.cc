// How far is the standby that is furthest behind, in time?
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "watch/probe.h"
#include "watch/replication.h"

namespace martlet {
namespace {

class ReplicaLag : public ProbeRun {
 public:
  explicit ReplicaLag(ProbeSettings::LostReplica policy) : policy_(policy) {}

  ProbeReading read(Connection& server) override {
    ProbeReading worst{.value = 0, .about = "no replica is behind"};
    for (const Standby& standby : replication_.look(server)) {
      if (!standby.milliseconds) return unknown(standby);
      if (*standby.milliseconds > *worst.value) worst = {.value = standby.milliseconds, .about = standby.name};
    }
    if (const auto gone = replication_.lost(); !gone.empty()) {
      const std::string text = "replica gone: " + join(gone, ", ");
      if (policy_ == ProbeSettings::LostReplica::wait) worst.wait_because = text;
      if (policy_ == ProbeSettings::LostReplica::say) worst.warning = text;
    }
    return worst;
  }

 private:
  static ProbeReading unknown(const Standby& standby) {
    return {.about = fmt::format("{} does not say what it has replayed, or this role lacks pg_monitor", standby.name)};
  }

  ProbeSettings::LostReplica policy_;
  Replication replication_;
};

const Registered<Probe> kProbe{{
    .id = "replica_lag",
    .summary = "how far the last replica is behind, in time",
    .unit = ProbeUnit::milliseconds,
    .start = [](const ProbeSettings& s) -> std::unique_ptr<ProbeRun> {
      return std::make_unique<ReplicaLag>(s.lost_replica);
    },
}};

}  // namespace
}  // namespace martlet
