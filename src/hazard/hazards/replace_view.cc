#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__ViewStmt& statement = *at.node->view_stmt;
  const Relation* view = at.relation(statement.view);
  const RelationEffect* effect = view ? at.effects.on(view->id) : nullptr;
  if (!statement.replace || !effect || at.is_new(view->id)) return;
  if (effect->strongest() != LockMode::access_exclusive) return;
  HazardFinding& finding = found.add(at, fmt::format("{} is locked ACCESS EXCLUSIVE: the statement queues behind every "
                                                     "query that reads it, and everybody else behind it",
                                                     shown(at, *view)));
  finding.relations = {shown(at, *view)};
}

const Registered<Hazard> kHazard{{
    .id = "replace-view",
    .severity = Hazard::Severity::warning,
    .summary = "CREATE OR REPLACE VIEW of a view in use",
    .why = "The view is locked ACCESS EXCLUSIVE: only for a moment, but the statement queues behind every "
           "query that reads it, and everybody else behind it. Columns can only be added at its end.",
    .safe_form = "With a short lock_timeout. A view that changes its columns: a second one with a new name, then "
                 "code, then drop the first.",
    .on = {PG_QUERY__NODE__NODE_VIEW_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
