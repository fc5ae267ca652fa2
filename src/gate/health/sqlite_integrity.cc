// Are the pages of the file sound, and does every index agree with its table?
#include "base/registry.h"
#include "gate/sqlite_pages.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  return check_pages(situation, "integrity_check");
}

const Registered<HealthCheck> kCheck{{
    .id = "sqlite-integrity",
    .summary = "the file's pages are sound and its indexes agree with their tables",
    .asked_by = AskedBy::verify,
    .topic = HealthTopic::catalog,
    .only = Dialect::sqlite,
    .run = run,
}};

}  // namespace
}  // namespace martlet
