// Told by hazard/suppression.cc.
#include "base/registry.h"
#include "hazard/hazard.h"

namespace martlet {
namespace {

const Registered<Hazard> kHazard{{
    .id = "unknown-hazard",
    .severity = Hazard::Severity::error,
    .summary = "an allow of a hazard that does not exist",
    .why = "A misspelled `-- martlet:allow` silences nothing, and its author believes that it does.",
    .safe_form = "Write the id as `martlet explain` lists it.",
    .check = nullptr,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
