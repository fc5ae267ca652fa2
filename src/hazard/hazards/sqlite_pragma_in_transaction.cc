#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/hazard.h"
#include "hazard/sqlite_model.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  if (at.effects.transactional || !Lexer(at.statement.text, Dialect::sqlite).next().is("pragma")) return;
  if (at.sqlite->connection().in_transaction()) {
    found.add(at, fmt::format("{} has no effect or fails in a transaction", at.statement.text));
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
    .id = "sqlite-pragma-in-transaction",
    .severity = Hazard::Severity::error,
    .summary = "PRAGMA foreign_keys, journal_mode or synchronous in a transaction",
    .why = "PRAGMA foreign_keys does nothing in a transaction and says nothing; journal_mode and synchronous fail. "
           "martlet runs a file that has one of them without a transaction, so that a failure in its middle leaves the "
           "first half behind.",
    .safe_form = "Set it in the connection's URL, or in a file of its own with -- martlet:no-transaction. Inside a "
                 "transaction, PRAGMA defer_foreign_keys = ON puts the test off until the commit.",
    .check = check,
    .finish = finish,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
