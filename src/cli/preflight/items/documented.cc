#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  std::vector<std::string> bare;
  for (const StandingEntry* entry : facts.pending()) {
    const auto& header = entry->migration->header;
    const bool purpose = std::ranges::any_of(header, [](const HeaderField& field) { return field.name == "Purpose"; });
    if (!purpose) bare.push_back(entry->label());
  }
  if (bare.empty()) return PreflightAnswer::pass("each has a header");
  return PreflightAnswer::fail("no Purpose in the header of " + join(bare, ", "),
                               "`martlet new` writes one to fill in");
}

const Registered<PreflightItem> kItem{{
    .id = "70-documented",
    .question = "pending migrations say what they do, and what they cost",
    .part = PreflightPart::before,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
