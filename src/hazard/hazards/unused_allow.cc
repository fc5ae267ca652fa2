// Told by hazard/suppression.cc.
#include "base/registry.h"
#include "hazard/hazard.h"

namespace martlet {
namespace {

const Registered<Hazard> kHazard{{
    .id = "unused-allow",
    .severity = Hazard::Severity::warning,
    .summary = "an allow that silences nothing",
    .why = "It was written for a statement that has changed since, or that the database at hand makes harmless. Left "
           "there, it would one day silence something that nobody has looked at.",
    .safe_form = "Remove the line, or move it above the statement that is meant.",
    .check = nullptr,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
