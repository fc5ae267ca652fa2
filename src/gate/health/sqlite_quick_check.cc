// Are the pages of the file sound, apart from the slow comparison of tables with their indexes?
#include "base/registry.h"
#include "gate/sqlite_pages.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  return check_pages(situation, "quick_check");
}

const Registered<HealthCheck> kCheck{{
    .id = "sqlite-quick-check",
    .summary = "the file's pages are sound",
    .asked_by = AskedBy::doctor,
    .topic = HealthTopic::catalog,
    .only = Dialect::sqlite,
    .run = run,
}};

}  // namespace
}  // namespace martlet
