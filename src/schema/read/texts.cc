// Deparsing a query, and asking for the size of a file, takes a lock on the relation: behind somebody's ACCESS
// EXCLUSIVE it would wait. Lint must not hang, so it waits for half a second and goes on without.
#include <fmt/format.h>

#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr std::string_view kViews =
    "SELECT c.oid, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid AND r.ev_type = '1' "
    "WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384 AND {}";
constexpr std::string_view kRules =
    "SELECT oid, ev_class, pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid >= 16384 "
    "AND {}";
constexpr std::string_view kBodies =
    "SELECT oid, pg_get_function_sqlbody(oid) FROM pg_proc WHERE prosqlbody IS NOT NULL "
    "AND oid >= 16384";
// Never analysed, but with rows: how many pages they fill is worth a look.
constexpr std::string_view kSizes =
    "SELECT oid, pg_relation_size(oid) / 8192 FROM pg_class WHERE relkind IN ('r', 'm') AND relpages = 0 "
    "AND reltuples < 0 AND oid >= 16384 AND pg_stat_get_live_tuples(oid) > 0 AND relpersistence <> 't' "
    "AND {}";

void take_views(Reading& reading) {
  reading.each(fmt::format(kViews, reading.readable_query("pg_rewrite", "r.oid")), [&](const CopiedRow& row) {
    Relation* view = reading.relation(row.id(0));
    if (view && view->view) view->view->definition = row.text(1);
  });
}

void take_rules(Reading& reading) {
  reading.each(fmt::format(kRules, reading.readable_query("pg_rewrite", "pg_rewrite.oid")), [&](const CopiedRow& row) {
    Relation* relation = reading.relation(row.id(1));
    const auto rule = reading.rules.find(row.id(0));
    if (relation && rule != reading.rules.end()) relation->rules[rule->second].definition = row.text(2);
  });
}

void take_bodies(Reading& reading) {
  if (!reading.since(140000)) return;
  reading.each(kBodies, [&](const CopiedRow& row) {
    if (reading.catalog.functions.get(row.id(0))) reading.catalog.functions.edit(row.id(0)).body = row.text(1);
  });
}

void take_sizes(Reading& reading) {
  reading.each(fmt::format(kSizes, reading.readable("oid")), [&](const CopiedRow& row) {
    if (Relation* relation = reading.relation(row.id(0))) relation->pages = row.number(1);
  });
}

}  // namespace

void read_texts(Reading& reading) {
  for (const auto take : {take_views, take_rules, take_bodies, take_sizes}) {
    reading.connection.execute("SAVEPOINT martlet_texts");
    try {
      take(reading);
    } catch (const LockTimeout&) {
      reading.connection.execute("ROLLBACK TO SAVEPOINT martlet_texts");
    }
    reading.connection.execute("RELEASE SAVEPOINT martlet_texts");
  }
}

}  // namespace martlet
