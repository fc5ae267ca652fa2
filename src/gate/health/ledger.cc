// Can martlet's tables be read, and are they of a format this martlet knows?
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  const Ledger& ledger = situation.ledger();
  if (!ledger.exists()) return HealthResult::good("no tables yet: the first run creates them");
  const auto applied = static_cast<std::size_t>(std::count_if(
      ledger.rows().begin(), ledger.rows().end(), [](const LedgerRow& row) { return row.counts_as_applied(); }));
  return HealthResult::good(
      fmt::format("{} applied, in {}", counted(applied, "migration", "migrations"), situation.names.ledger));
}

const Registered<HealthCheck> kCheck{{
    .id = "ledger",
    .summary = "martlet's tables can be read and are of a known format",
    .topic = HealthTopic::history,
    .run = run,
}};

}  // namespace
}  // namespace martlet
