#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/hazard.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// Behind the word INDEX.
TextFix concurrently(const Statement& statement) {
  Lexer words(statement.text, Dialect::postgres);
  words.accept("create");
  words.accept("unique");
  const Token index = words.next();
  const std::size_t behind = index.offset + index.text.size();
  return {.edits = {{behind, behind, " CONCURRENTLY"}}, .file_without_transaction = true};
}

void check(const Case& at, Findings& found) {
  const PgQuery__IndexStmt& statement = *at.node->index_stmt;
  const Relation* table = at.relation(statement.relation);
  if (statement.concurrent || !table || at.is_new(table->id)) return;
  if (table->kind == RelationKind::partitioned_table || table->persistence == Persistence::temporary) return;
  const RelationEffect* effect = at.effects.on(table->id);
  if (!effect || !effect->scan) return;
  HazardFinding& finding = found.add(
      at, fmt::format("{} cannot be written to while the index is built", qualified_name(*statement.relation).text()));
  finding.relations = {qualified_name(*statement.relation).text()};
  finding.fix = concurrently(at.statement);
  found.offer(finding, at, table);
}

const Registered<Hazard> kHazard{{
    .id = "create-index-blocking",
    .severity = Hazard::Severity::error,
    .summary = "CREATE INDEX without CONCURRENTLY",
    .why = "The table is locked in SHARE mode while every row is read and sorted: SELECT goes on, INSERT, UPDATE and "
           "DELETE wait until the index is there. Measured on 2 million rows (146 MB): 0.77 s.",
    .safe_form = "CREATE INDEX CONCURRENTLY lets writers go on. It cannot run in a transaction, takes longer, and "
                 "leaves an invalid index behind where it fails.",
    .recipe = "create-index",
    .on = {PG_QUERY__NODE__NODE_INDEX_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
