// Applied migrations whose file is gone.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  std::vector<std::string> details;
  for (const StandingEntry& entry : situation.standings()) {
    if (entry.standing != Standing::missing) continue;
    details.push_back(fmt::format("{} {}, applied {}", entry.label(), entry.name(), entry.row->applied_at));
  }
  if (details.empty()) return HealthResult::good("every applied migration has its file");
  return HealthResult::bad(
      ErrorKind::validation,
      fmt::format("{} no file", counted(details.size(), "applied migration has", "applied migrations have")),
      fmt::format("bring the files back into {}, or retire the migrations with `martlet repair`",
                  situation.folder().path),
      shortened(std::move(details)));
}

const Registered<HealthCheck> kCheck{{
    .id = "missing-files",
    .summary = "every applied migration has its file",
    .asked_by = AskedBy::verify,
    .topic = HealthTopic::files,
    .needs = HealthNeed::standings,
    .run = run,
}};

}  // namespace
}  // namespace martlet
