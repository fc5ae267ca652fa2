#include "hazard/sqlite_outside_transaction.h"

#include <fmt/format.h>

#include "hazard/sqlite_model.h"
#include "sql/lexer.h"

namespace martlet {

void check_outside_transaction(const Case& at, Findings& found, std::string_view keyword, std::string_view inside) {
  if (at.effects.transactional || !Lexer(at.statement.text, Dialect::sqlite).next().is(keyword)) return;
  if (at.sqlite->connection().in_transaction()) {
    found.add(at, fmt::format("{} {} in a transaction", at.statement.text, inside));
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

void withdraw_where_alone(const Catalog&, const RunState& state, Findings& found) {
  if (state.can_roll_back) return;
  found.withdraw([](const HazardFinding& each) { return each.fix.has_value(); });
}

}  // namespace martlet
