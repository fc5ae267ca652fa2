#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool had(const Relation* before, const Constraint& key) {
  return before && std::ranges::count(before->constraints, key.id, &Constraint::id) > 0;
}

void look_at(const Case& at, const Relation& table, Findings& found) {
  const Relation* before = at.before.relation(table.id);
  std::set<ObjectId> said;
  for (const Constraint& key : table.constraints) {
    if (key.kind != Constraint::Kind::foreign_key || key.target == table.id || had(before, key)) continue;
    const Relation* target = at.catalog.relations.get(key.target);
    if (!target || at.is_new(target->id) || target->persistence == Persistence::temporary) continue;
    if (!said.insert(target->id).second) continue;
    found
        .add(at, fmt::format("nobody can write to {} until the transaction ends: {} gets a foreign key to it",
                             shown(*target), shown(table)))
        .relations = {shown(*target)};
  }
}

void check(const Case& at, Findings& found) {
  const bool creates = at.node->node_case == PG_QUERY__NODE__NODE_CREATE_STMT;
  const PgQuery__RangeVar* range = creates ? at.node->create_stmt->relation : at.node->alter_table_stmt->relation;
  const Relation* table = find_relation(at.catalog, at.session, qualified_name(*range));
  if (!table || at.effects.error || !at.is_new(table->id)) return;
  if (creates && at.before.relation(table->id)) return;
  look_at(at, *table, found);
}

const Registered<Hazard> kHazard{{
    .id = "new-table-references-live",
    .severity = Hazard::Severity::warning,
    .summary = "a new table has a foreign key to a table in use",
    .why = "The referenced table is locked in SHARE ROW EXCLUSIVE mode while it gets the triggers that watch over the "
           "key: every INSERT, UPDATE and DELETE on it waits until the transaction ends, and so does whoever queues "
           "behind the lock while it waits for a long transaction.",
    .safe_form = "Keep the transaction short: nothing behind it that takes time. Or create the table without the key "
                 "and add the key in a migration of its own; the new table is empty, so nothing is scanned.",
    .on = {PG_QUERY__NODE__NODE_CREATE_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
