// CREATE / DROP DATABASE, TABLESPACE, SUBSCRIPTION, …: part of what they do is outside this database's catalog, so
// after a crash a person looks.
#include "base/registry.h"
#include "step/step.h"

namespace martlet {
namespace {

StepOutcome inspect(Connection&, const std::string&) {
  return StepOutcome::unknown;
}

const Registered<StepKind> kOnce{{
    .id = "once",
    .kind = NonTransactional::once,
    .inspect = inspect,
}};

}  // namespace
}  // namespace martlet
