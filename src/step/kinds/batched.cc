// Rows changed in committed batches: each batch commits together with how far it got, so going on is running it again
// from there (step/batch/).
#include "base/registry.h"
#include "step/step.h"

namespace martlet {
namespace {

const Registered<StepKind> kBatched{{
    .id = "batched",
    .kind = NonTransactional::batched,
}};

}  // namespace
}  // namespace martlet
