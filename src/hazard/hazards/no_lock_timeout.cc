#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  // Once a file is enough: what is set before the first holds for the rest.
  if (!at.node || at.state.lock_timeout_set || at.state.blocked_without_timeout || !at.effects.transactional) return;
  const auto strong = std::ranges::find_if(at.effects.relations, [&](const RelationEffect& each) {
    return blocks_writes(each.strongest()) && !at.is_new(each.id);
  });
  if (strong == at.effects.relations.end()) return;
  HazardFinding& finding = found.add(at, fmt::format("{} is locked {} and nothing limits the wait for it", strong->name,
                                                     lock_words(strong->strongest())));
  finding.relations = {strong->name};
  finding.fix = TextFix{.line_before = "SET lock_timeout = '200ms';"};
}

const Registered<Hazard> kHazard{{
    .id = "no-lock-timeout",
    .severity = Hazard::Severity::off,
    .summary = "A lock that others wait for, without lock_timeout",
    .why = "A statement that waits for a strong lock makes everybody wait behind it, for as long as the "
           "oldest query runs. martlet gives its own runs a short lock_timeout and tries again; a script that "
           "another program runs needs one of its own.",
    .safe_form = "SET lock_timeout to a few hundred milliseconds before the first statement that takes such a lock, "
                 "and try again where it fails.",
    .check = check,
}};

}  // namespace
}  // namespace martlet
