#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/hazard.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  if (!at.effects.error) return;
  const std::string_view kind = at.sqlite ? "" : "SQLSTATE ";
  found.add(at, fmt::format("it would fail: {} ({}{})", at.effects.error->message, kind, at.effects.error->sqlstate));
}

const Registered<Hazard> kHazard{{
    .id = "statement-fails",
    .severity = Hazard::Severity::error,
    .summary = "a statement that the server would refuse",
    .why = "Executed on what the statements before it leave behind, it ends in an error: the migration would be rolled "
           "back, after it may have waited for its locks and held them.",
    .safe_form = "Correct the statement, or what comes before it.",
    .check = check,
    .both_dialects = true,
    .last = true,
}};

}  // namespace
}  // namespace martlet
