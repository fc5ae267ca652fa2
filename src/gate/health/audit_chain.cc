// Was the audit changed behind martlet's back?
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"
#include "history/audit.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  const std::vector<AuditEvent> events = Audit::read(situation.connection(), situation.names);
  const long long broken = Audit::first_broken(events);
  if (broken == 0) return HealthResult::good(fmt::format("{} intact", counted(events.size(), "event", "events")));
  return HealthResult::bad(ErrorKind::validation,
                           fmt::format("event {} was changed or removed, or follows one that was", broken),
                           fmt::format("compare {} from event {} on with a backup; find out who may write there",
                                       situation.names.audit, broken));
}

const Registered<HealthCheck> kCheck{{
    .id = "audit-chain",
    .summary = "the audit's chain of hashes holds",
    .topic = HealthTopic::history,
    .needs = HealthNeed::history,
    .run = run,
}};

}  // namespace
}  // namespace martlet
