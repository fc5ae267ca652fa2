// Can the migrations be read, and is anything wrong with them that needs no database?
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  const Folder& folder = situation.folder();
  std::vector<std::string> details;
  bool errors = false;
  for (const Finding& finding : folder.problems) {
    if (finding.severity == Finding::Severity::note) continue;
    errors = errors || finding.severity == Finding::Severity::error;
    details.push_back(finding.place.known() ? fmt::format("{}: {}", finding.place.text(), finding.message)
                                            : finding.message);
  }
  const std::size_t problems = details.size();
  const std::string next = "see all of it with `martlet validate`";
  if (errors) {
    return HealthResult::bad(ErrorKind::validation, counted(problems, "problem in the files", "problems in the files"),
                             next, shortened(std::move(details)));
  }
  if (problems > 0) {
    return HealthResult::warning(counted(problems, "problem in the files", "problems in the files"), next,
                                 shortened(std::move(details)));
  }
  if (folder.migrations.empty()) {
    return HealthResult::warning(fmt::format("{} holds no migrations", folder.path),
                                 "write the first one with `martlet new NAME`, or correct migrations.dir");
  }
  return HealthResult::good(fmt::format("{} in {} ({} layout)",
                                        counted(folder.migrations.size(), "migration", "migrations"), folder.path,
                                        folder.layout));
}

const Registered<HealthCheck> kCheck{{
    .id = "migrations-folder",
    .summary = "the migrations folder can be read",
    .topic = HealthTopic::files,
    .needs = HealthNeed::nothing,
    .run = run,
}};

}  // namespace
}  // namespace martlet
