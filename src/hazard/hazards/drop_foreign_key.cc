#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

// Tables that a lock on `table` surprises nobody about, and those it was already said of.
using Said = std::set<ObjectId>;

bool is_gone(const Case& at, const Relation& table, const Constraint& key) {
  const Relation* now = at.catalog.relations.get(table.id);
  return !now || std::ranges::count(now->constraints, key.id, &Constraint::id) == 0;
}

void say(const Case& at, const Relation& other, std::string_view key, Said& said, Findings& found) {
  if (at.is_new(other.id) || other.persistence == Persistence::temporary || !said.insert(other.id).second) return;
  found
      .add(at, fmt::format("nobody can read or write {} until the transaction ends: the foreign key {} goes",
                           shown(other), key))
      .relations = {shown(other)};
}

void look_at(const Case& at, const Relation& table, Said& said, Findings& found) {
  for (const Constraint& key : table.constraints) {
    if (key.kind != Constraint::Kind::foreign_key || key.inherited || !is_gone(at, table, key)) continue;
    if (const Relation* target = at.before.relation(key.target)) say(at, *target, key.name, said, found);
  }
  for (const ObjectId id : table.referrers) {
    const Relation* referrer = at.before.relation(id);
    if (!referrer) continue;
    for (const Constraint& key : referrer->constraints) {
      const bool points_here = key.kind == Constraint::Kind::foreign_key && key.target == table.id;
      if (points_here && is_gone(at, *referrer, key)) say(at, *referrer, key.name, said, found);
    }
  }
}

// The tables that the statement names.
std::vector<const Relation*> named(const Case& at) {
  if (at.node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
    return {at.relation(at.node->alter_table_stmt->relation)};
  }
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  if (drop.remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) return {};
  std::vector<const Relation*> tables;
  for (const Node* each : list(drop.n_objects, drop.objects)) {
    tables.push_back(at.relation(qualified_name(each->list->n_items, each->list->items)));
  }
  return tables;
}

void check(const Case& at, Findings& found) {
  if (at.effects.error) return;
  Said said;
  const std::vector<const Relation*> tables = named(at);
  for (const Relation* table : tables) {
    if (table) said.insert(table->id);
  }
  for (const Relation* table : tables) {
    if (table) look_at(at, *table, said, found);
  }
}

const Registered<Hazard> kHazard{{
    .id = "drop-foreign-key",
    .severity = Hazard::Severity::warning,
    .summary = "a foreign key is dropped, which locks the other table as well",
    .why = "Dropping a foreign key takes ACCESS EXCLUSIVE on the referenced table too, because triggers of it are "
           "dropped: nobody can read or write either of them until the transaction ends. DROP TABLE, and DROP COLUMN "
           "of a column with a foreign key, do the same.",
    .safe_form = "Drop the key in a migration of its own, before the table or the column, so that both tables are "
                 "locked for a moment only.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, PG_QUERY__NODE__NODE_DROP_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
