// Migrations that are not applied although later ones are.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  std::vector<std::string> details;
  std::size_t pending = 0;
  for (const StandingEntry& entry : situation.standings()) {
    if (entry.to_run()) ++pending;
    if (entry.standing == Standing::out_of_order) details.push_back(fmt::format("{} {}", entry.label(), entry.name()));
  }
  if (details.empty()) {
    return HealthResult::good(pending == 0 ? "nothing is pending" : fmt::format("{} pending, in order", pending));
  }
  return HealthResult::bad(
      ErrorKind::validation,
      fmt::format("{} not applied although later ones are", counted(details.size(), "migration is", "migrations are")),
      "give them later versions with `martlet renumber`, or apply them with `martlet up --out-of-order allow`",
      shortened(std::move(details)));
}

const Registered<HealthCheck> kCheck{{
    .id = "out-of-order",
    .summary = "nothing is pending before what is applied",
    .asked_by = AskedBy::verify,
    .topic = HealthTopic::files,
    .needs = HealthNeed::standings,
    .run = run,
}};

}  // namespace
}  // namespace martlet
