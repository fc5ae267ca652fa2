#include "gate/integrity.h"

#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"
#include "cli/safeguards.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  const std::vector<std::string> problems = integrity_problems(health_target(facts.config()));
  if (problems.empty()) return PreflightAnswer::pass("verify finds nothing bad");
  return PreflightAnswer::fail(join(problems, "; "), "`martlet verify` says what to do");
}

const Registered<PreflightItem> kBefore{{
    .id = "81-integrity",
    .question = "the database is sound",
    .part = PreflightPart::before,
    .answer = answer,
}};

const Registered<PreflightItem> kAfter{{
    .id = "10-integrity_after",
    .question = "data integrity is verified",
    .part = PreflightPart::after,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
