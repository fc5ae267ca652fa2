#include <algorithm>

#include "db/connection.h"
#include "schema/letters.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

// Never analysed (reltuples -1): what the server's statistics count is better than nothing.
constexpr std::string_view kRelations =
    "SELECT oid, relnamespace, relname, relkind, relpersistence, relowner, reltablespace, relam, "
    "CASE WHEN reltuples < 0 AND relpages = 0 THEN -1 ELSE relpages END, "
    "CASE WHEN reltuples < 0 AND relkind IN ('r', 'm') THEN coalesce(nullif(pg_stat_get_live_tuples(oid), 0), -1) "
    "ELSE reltuples END, "
    "reloptions, reltype, reloftype, relrowsecurity, relforcerowsecurity, relreplident, relispopulated, "
    "CASE WHEN relispartition AND relkind IN ('r', 'p', 'f') THEN pg_get_expr(relpartbound, 0) END, "
    "CASE WHEN relkind = 'f' THEN (SELECT srvname FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver "
    "WHERE ftrelid = pg_class.oid) END, reltuples >= 0 FROM pg_class "
    "WHERE relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f', 'c') AND relnamespace <> 99 "
    "AND NOT (relnamespace = 11 AND relkind = 'i') "
    "AND (relpersistence <> 't' OR relnamespace = pg_my_temp_schema())";

void take_sizes(Relation& relation, const CopiedRow& row) {
  const bool has_rows = relation.is_heap() || relation.kind == RelationKind::index;
  if (has_rows) relation.pages = row.number(8);
  relation.tuples = row.real(9);
  relation.analysed = row.flag(19);
}

void take_relation(Reading& reading, const CopiedRow& row) {
  Relation relation{.id = row.id(0), .schema = name_of(reading.schemas, row.id(1)), .name = row.text(2)};
  if (relation.schema.empty()) return;
  relation.kind = relation_kind(row.letter(3));
  relation.persistence = persistence(row.letter(4));
  relation.owner = name_of(reading.roles, row.id(5));
  relation.tablespace = name_of(reading.tablespaces, row.id(6));
  relation.access_method = name_of(reading.methods, row.id(7));
  take_sizes(relation, row);
  relation.options = row.texts(10);
  relation.row_type = row.id(11);
  relation.of_type = row.id(12);
  relation.row_security = row.flag(13);
  relation.force_row_security = row.flag(14);
  relation.replica_identity = row.letter(15);
  if (relation.kind == RelationKind::view || relation.kind == RelationKind::materialized_view) {
    relation.view.emplace().populated = row.flag(16);
  }
  relation.partition.bound = row.text(17);
  relation.server = row.text(18);
  relation.partly_read =
      reading.expressions == Reading::Expressions::none || std::ranges::count(reading.locked, relation.id) > 0;
  relation.partition.is_default = relation.partition.bound == "DEFAULT";
  reading.places.emplace(relation.id, reading.relations.size());
  reading.relations.push_back(std::move(relation));
}

}  // namespace

Relation* Reading::relation(ObjectId id) {
  const auto at = places.find(id);
  return at == places.end() ? nullptr : &relations[at->second];
}

void read_relations(Reading& reading) {
  reading.each(kRelations, [&](const CopiedRow& row) { take_relation(reading, row); });
}

}  // namespace martlet
