#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  if (drop.remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) return;
  for (const Node* each : list(drop.n_objects, drop.objects)) {
    const QualifiedName name = qualified_name(each->list->n_items, each->list->items);
    if (!is_live(at, name) || name.name.ends_with("_deprecated")) continue;
    HazardFinding& finding = found.add(
        at, fmt::format("{} and its rows are gone at once, and running code that names it fails", name.text()));
    finding.relations = {name.text()};
    found.offer(finding, at, at.relation(name));
  }
}

const Registered<Hazard> kHazard{{
    .id = "drop-table",
    .severity = Hazard::Severity::error,
    .summary = "DROP TABLE of a table that was in use",
    .why = "The rows can only be had back from a backup, and every query of code that still runs fails with 42P01. The "
           "lock is ACCESS EXCLUSIVE, also on tables that foreign keys of the dropped one point to.",
    .safe_form = "Rename it to <name>_deprecated when no code uses it any more, wait some days, and drop it then: a "
                 "rename can be taken back. A table that is called so is not reported.",
    .recipe = "drop-table",
    .on = {PG_QUERY__NODE__NODE_DROP_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
