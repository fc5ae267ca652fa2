// Text that cannot even be split into statements is told by hazard/judge.cc.
#include "base/registry.h"
#include "hazard/unparsed.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  if (unparsed(at) != Unparsed::wrong) return;
  found.add(at, at.tree.error, stopped_at(at)).finding.next =
      "fix it; for syntax newer than PostgreSQL 15 write `-- martlet:allow not-analysed \"reason\"` above it";
}

const Registered<Hazard> kHazard{{
    .id = "syntax",
    .severity = Hazard::Severity::error,
    .summary = "text that is no SQL",
    .why = "The migration would fail, and nothing can be said about what the statement would have done.",
    .safe_form =
        "Correct the statement. Where it is right because the server is newer than PostgreSQL 15, whose grammar "
        "martlet reads, write `-- martlet:allow not-analysed \"reason\"` above it.",
    .check = check,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
