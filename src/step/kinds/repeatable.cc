// VACUUM, ALTER SYSTEM, CHECKPOINT, PRAGMA, …: whatever a crash left, running it again gives the same.
#include "base/registry.h"
#include "step/step.h"

namespace martlet {
namespace {

const Registered<StepKind> kRepeatable{{
    .id = "repeatable",
    .kind = NonTransactional::repeatable,
}};

}  // namespace
}  // namespace martlet
