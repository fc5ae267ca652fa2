#include "base/registry.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

const Registered<PreflightItem> kItem{{
    .id = "81-integrity",
    .question = "the database is sound",
    .part = PreflightPart::before,
    .answer = integrity_answer,
}};

}  // namespace
}  // namespace martlet
