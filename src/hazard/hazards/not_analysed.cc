#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/unparsed.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  if (unparsed(at) == Unparsed::newer) {
    found.add(at, fmt::format("not known to the grammar of PostgreSQL 15: {}", at.tree.error), stopped_at(at));
  } else if (!at.node && !at.tree.analysed) {
    found.add(at, "too long or too deeply nested to be analysed");
  } else if (at.node && !at.effects.known) {
    found.add(at, fmt::format("what it would do is not wholly known: {}", at.effects.unknown_reason)).finding.severity =
        Finding::Severity::note;
  }
}

const Registered<Hazard> kHazard{{
    .id = "not-analysed",
    .severity = Hazard::Severity::warning,
    .summary = "a statement of which martlet does not know what it does",
    .why =
        "It is newer than the grammar of PostgreSQL 15, longer or deeper than the parser takes, or its effects depend "
        "on what cannot be known before it runs. No lock, scan or rewrite of it is predicted, so no other hazard can "
        "be found in it; neither is one ruled out.",
    .safe_form = "Try it on a copy of the database, then say so: `-- martlet:allow not-analysed \"reason\"`.",
    .check = check,
}};

}  // namespace
}  // namespace martlet
