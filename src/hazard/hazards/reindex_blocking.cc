#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

bool is_concurrent(const PgQuery__ReindexStmt& statement) {
  for (const Node* each : list(statement.n_params, statement.params)) {
    if (std::string_view(each->def_elem->defname) == "concurrently") return true;
  }
  return false;
}

// Behind the word that says what is built anew.
TextFix concurrently(const Statement& statement) {
  Lexer words(statement.text, Dialect::postgres);
  words.accept("reindex");
  if (words.accept('(')) words.skip_parentheses();
  const Token kind = words.next();
  const std::size_t behind = kind.offset + kind.text.size();
  return {.edits = {{behind, behind, " CONCURRENTLY"}}, .file_without_transaction = true};
}

void check(const Case& at, Findings& found) {
  const PgQuery__ReindexStmt& statement = *at.node->reindex_stmt;
  if (is_concurrent(statement)) return;
  const Impact all = impact(at);
  if (!all.rebuild && !all.scan) return;
  const std::string_view what = statement.relation ? "" : statement.name;
  const std::string name = what.empty() ? shown(*statement.relation) : std::string(what);
  HazardFinding& finding = found.add(
      at, fmt::format("REINDEX of {} locks its indexes ACCESS EXCLUSIVE and their tables SHARE: queries wait", name));
  finding.relations = {name};
  if (at.catalog.server_version < 120000) return;
  if (statement.kind != PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM) finding.fix = concurrently(at.statement);
  found.offer(finding, at, statement.relation ? at.relation(statement.relation) : nullptr);
}

const Registered<Hazard> kHazard{{
    .id = "reindex-blocking",
    .severity = Hazard::Severity::error,
    .summary = "REINDEX without CONCURRENTLY",
    .why = "The table is locked in SHARE mode and each index ACCESS EXCLUSIVE while it is built: writes wait, "
           "and so does every query that plans to read the table, because planning looks at all its indexes.",
    .safe_form = "REINDEX … CONCURRENTLY (PostgreSQL 12 and later) builds a second index beside the first and swaps "
                 "them. It cannot run in a transaction.",
    .recipe = "reindex",
    .on = {PG_QUERY__NODE__NODE_REINDEX_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
