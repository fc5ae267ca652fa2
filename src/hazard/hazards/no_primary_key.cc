#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool has_key(const Catalog& catalog, const Relation& table) {
  if (std::ranges::count(table.constraints, Constraint::Kind::primary_key, &Constraint::kind) > 0) return true;
  const Relation* parent = catalog.relations.get(table.partition.parent);
  return parent && (parent->assumed || has_key(catalog, *parent));
}

void check(const Case& at, Findings& found) {
  const PgQuery__CreateStmt& create = *at.node->create_stmt;
  const Relation* table = find_relation(at.catalog, at.session, qualified_name(*create.relation));
  if (!table || at.before.relation(table->id) || table->persistence == Persistence::temporary) return;
  if (table->assumed || has_key(at.catalog, *table)) return;
  const std::string name = shown(*create.relation);
  HazardFinding& finding = found.add(at, fmt::format("{} has no primary key", name));
  finding.relations = {name};
  finding.object = table->id;
  found.offer(finding, at, table);
}

// A key may follow, and a table that is gone at the end needs none.
void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw([&](const HazardFinding& each) {
    const Relation* table = catalog.relations.get(each.object);
    return !table || has_key(catalog, *table);
  });
}

const Registered<Hazard> kHazard{{
    .id = "no-primary-key",
    .severity = Hazard::Severity::warning,
    .summary = "a table without a primary key",
    .why = "Its rows cannot be told apart: logical replication refuses UPDATE and DELETE on it, batches and online "
           "changes "
           "have nothing to go by, and duplicates get in.",
    .safe_form = "Give it one: id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, or the columns that identify a row.",
    .recipe = "add-primary-key",
    .on = {PG_QUERY__NODE__NODE_CREATE_STMT},
    .check = check,
    .finish = finish,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
