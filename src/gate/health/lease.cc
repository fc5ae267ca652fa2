// Does somebody hold the lease, or has a killed run left it behind?
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/lease_use.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  const LeaseUse use = look_at_lease(situation.connection(), situation.names);
  switch (use.state) {
    case LeaseUse::State::free:
      return HealthResult::good("nobody runs migrations now");
    case LeaseUse::State::held:
      return HealthResult::good("held by a run at work", {use.holder});
    case LeaseUse::State::abandoned:
      return HealthResult::good("a run that was killed left it; the next one takes it over", {use.holder});
    case LeaseUse::State::stranded:
      break;
  }
  return HealthResult::warning("a session holds the lock although no run is recorded: runs would wait for it",
                               "end that session (SELECT pg_terminate_backend(PID)) if nobody works there",
                               {use.holder});
}

const Registered<HealthCheck> kCheck{{
    .id = "lease",
    .summary = "who holds the lease, and whether it was left behind",
    .asked_by = AskedBy::doctor,
    .topic = HealthTopic::history,
    .needs = HealthNeed::history,
    .run = run,
}};

}  // namespace
}  // namespace martlet
