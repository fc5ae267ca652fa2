#include <fmt/format.h>

#include <set>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

// Tables whose foreign keys lead to this one, over any number of steps, that the statement does not name itself.
void add_referrers(const Case& at, const Relation& table, std::set<ObjectId>& named, std::vector<std::string>& names) {
  for (const ObjectId id : table.referrers) {
    const Relation* referrer = at.before.relation(id);
    if (!referrer || !named.insert(id).second) continue;
    names.push_back(QualifiedName{referrer->schema == "public" ? "" : referrer->schema, referrer->name}.text());
    add_referrers(at, *referrer, named, names);
  }
}

void check(const Case& at, Findings& found) {
  const PgQuery__TruncateStmt& truncate = *at.node->truncate_stmt;
  if (truncate.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) return;
  std::set<ObjectId> named;
  std::vector<const Relation*> tables;
  bool live = false, all_seen = true;
  for (const Node* each : list(truncate.n_relations, truncate.relations)) {
    const Relation* table = at.relation(each->range_var);
    live = live || is_live(at, each->range_var);
    all_seen = all_seen && table && !table->assumed;
    if (table && named.insert(table->id).second) tables.push_back(table);
  }
  std::vector<std::string> names;
  for (const Relation* table : tables) add_referrers(at, *table, named, names);
  if (!names.empty()) {
    found.add(at, fmt::format("also empties {}, which the statement does not name", join(names, ", "))).relations =
        names;
  } else if (live && (!all_seen || !at.catalog.complete)) {
    found.add(at, "also empties every table whose foreign keys lead here, without naming it");
  }
}

const Registered<Hazard> kHazard{{
    .id = "truncate-cascade",
    .severity = Hazard::Severity::error,
    .summary = "TRUNCATE … CASCADE",
    .why =
        "Tables that refer to the named ones by foreign keys, and those that refer to them, are emptied as well; which "
        "ones, the statement does not say, and a foreign key added later makes it more.",
    .safe_form = "Name every table that is to be emptied, and leave CASCADE out: a forgotten one stops the statement.",
    .on = {PG_QUERY__NODE__NODE_TRUNCATE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
