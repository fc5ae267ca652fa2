#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/hazard.h"
#include "hazard/sqlite_model.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  if (at.effects.transactional || !Lexer(at.statement.text, Dialect::sqlite).next().is("vacuum")) return;
  if (at.sqlite->connection().in_transaction()) {
    found.add(at, fmt::format("{} fails in a transaction", at.statement.text));
  } else if (at.state.wants_transaction) {
    HazardFinding& finding = found.add(
        at,
        fmt::format("no transaction may hold {}, so nothing of this file runs in one: where a statement fails, what "
                    "those before it did stays",
                    at.statement.text));
    finding.finding.next = "give it a migration of its own, or say `-- martlet:no-transaction`";
    finding.fix = TextFix{.file_without_transaction = true};
  }
}

// Alone in its file it takes nothing from anybody.
void finish(const Catalog&, const RunState& state, Findings& found) {
  if (state.can_roll_back) return;
  found.withdraw([](const HazardFinding& each) { return each.fix.has_value(); });
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-vacuum-in-transaction",
    .severity = Hazard::Severity::error,
    .summary = "VACUUM in a transaction",
    .why = "VACUUM builds the file anew and is refused in a transaction. martlet runs a file that has one without a "
           "transaction, so that a failure in its middle leaves the first half behind.",
    .safe_form = "VACUUM in a migration of its own, with -- martlet:no-transaction.",
    .check = check,
    .finish = finish,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
