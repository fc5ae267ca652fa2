#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  if (at.effects.transactional) return;
  const auto timeout = at.session.settings.find("lock_timeout");
  if (timeout == at.session.settings.end() || timeout->second == "0") return;
  HazardFinding& finding = found.add(at, fmt::format("lock_timeout is {}: waiting for older transactions, the "
                                                     "statement may fail and leave an invalid index behind",
                                                     timeout->second));
  finding.fix = TextFix{.line_before = "SET lock_timeout = 0;"};
}

const Registered<Hazard> kHazard{{
    .id = "lock-timeout-concurrently",
    .severity = Hazard::Severity::warning,
    .summary = "CONCURRENTLY under a lock_timeout",
    .why = "A concurrent build waits, twice, until every older transaction is over. A lock_timeout that is "
           "short enough for other statements ends it in the middle, and leaves an invalid index behind.",
    .safe_form = "SET lock_timeout = 0 before it. It blocks nobody while it waits.",
    .on = {PG_QUERY__NODE__NODE_INDEX_STMT, PG_QUERY__NODE__NODE_REINDEX_STMT, PG_QUERY__NODE__NODE_DROP_STMT,
           PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
