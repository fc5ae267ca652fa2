// Names, gaps, order, checksums, downs, syntax, dependencies: what `martlet validate` asks.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const Validation& found = facts.validation();
  const std::size_t errors = found.count(Finding::Severity::error);
  if (errors > 0) return PreflightAnswer::fail(found.tally(), "`martlet validate` shows them");
  if (found.database.starts_with("skipped: ")) {
    return PreflightAnswer::unknown("not compared with a database: " + found.database.substr(9));
  }
  return PreflightAnswer::pass(found.tally());
}

const Registered<PreflightItem> kItem{{
    .id = "10-validated",
    .question = "migrations are valid",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
