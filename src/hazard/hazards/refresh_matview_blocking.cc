#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// Behind VIEW.
TextFix concurrently(const Statement& statement) {
  Lexer words(statement.text, Dialect::postgres);
  Token view = words.next();
  while (!view.is("view") && view.kind != Token::Kind::end) view = words.next();
  const std::size_t behind = view.offset + view.text.size();
  return {.edits = {{behind, behind, " CONCURRENTLY"}}};
}

void check(const Case& at, Findings& found) {
  const PgQuery__RefreshMatViewStmt& statement = *at.node->refresh_mat_view_stmt;
  const Relation* view = at.relation(statement.relation);
  if (statement.concurrent || !view || at.is_new(view->id)) return;
  if (view->view && !view->view->populated) return;  // nobody can read it anyway
  const RelationEffect* effect = at.effects.on(view->id);
  if (!effect || effect->strongest() != LockMode::access_exclusive) return;
  HazardFinding& finding = found.add(
      at, statement.skip_data ? fmt::format("{} cannot be read any more once it has no data", shown(at, *view))
                              : fmt::format("{} is locked ACCESS EXCLUSIVE while its query runs: {}", sized(at, *view),
                                            waiting(at, effect->strongest())));
  finding.relations = {shown(at, *view)};
  found.offer(finding, at, view);
  if (!finding.recipe.empty()) finding.fix = concurrently(at.statement);
}

const Registered<Hazard> kHazard{{
    .id = "refresh-matview-blocking",
    .severity = Hazard::Severity::error,
    .summary = "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
    .why = "The view is locked ACCESS EXCLUSIVE while its query runs: readers wait for as long as that takes.",
    .safe_form = "REFRESH MATERIALIZED VIEW CONCURRENTLY leaves it readable. It needs a unique index on columns of "
                 "the view, without a WHERE.",
    .recipe = "refresh-materialized-view",
    .on = {PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
