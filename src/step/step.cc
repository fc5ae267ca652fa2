#include "step/step.h"

#include "base/registry.h"

namespace martlet {

const StepKind& step_kind(NonTransactional kind) {
  for (const StepKind* known : Registry<StepKind>::all()) {
    if (known->kind == kind) return *known;
  }
  throw Error(ErrorKind::usage, "no step kind is registered for this statement");
}

}  // namespace martlet
