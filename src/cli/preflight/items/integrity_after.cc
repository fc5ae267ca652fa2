#include "base/registry.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

const Registered<PreflightItem> kItem{{
    .id = "10-integrity_after",
    .question = "data integrity is verified",
    .part = PreflightPart::after,
    .answer = integrity_answer,
}};

}  // namespace
}  // namespace martlet
