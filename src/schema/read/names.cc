// Schemas, and everything that is only known to exist.
#include <fmt/format.h>

#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr std::string_view kSchemas =
    "SELECT oid, CASE WHEN oid = pg_my_temp_schema() THEN 'pg_temp' ELSE nspname END, pg_get_userbyid(nspowner) "
    "FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp_|toast_temp_)' OR oid = pg_my_temp_schema()";

// kind, id, schema, name, owner, what else is known of the kind
constexpr std::string_view kOthers = R"(
SELECT 'role', oid, 0, rolname, 0, CASE WHEN rolsuper THEN 'superuser' END FROM pg_roles
UNION ALL SELECT 'tablespace', oid, 0, spcname, spcowner, NULL FROM pg_tablespace
UNION ALL SELECT 'access method', oid, 0, amname, 0, NULL FROM pg_am
UNION ALL SELECT 'collation', oid, collnamespace, collname, collowner, NULL FROM pg_collation
UNION ALL SELECT 'language', oid, 0, lanname, lanowner, NULL FROM pg_language
UNION ALL SELECT 'foreign data wrapper', oid, 0, fdwname, fdwowner, CASE WHEN fdwhandler = 0 THEN 'no handler' END
  FROM pg_foreign_data_wrapper
UNION ALL SELECT 'server', s.oid, 0, srvname, srvowner, fdwname FROM pg_foreign_server s
  JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw
UNION ALL SELECT 'publication', oid, 0, pubname, pubowner, CASE WHEN puballtables THEN 'all tables' END
  FROM pg_publication
UNION ALL SELECT 'subscription', oid, 0, subname, subowner, NULL FROM pg_subscription
  WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 'event trigger', oid, 0, evtname, evtowner, NULL FROM pg_event_trigger
UNION ALL SELECT 'conversion', oid, connamespace, conname, conowner, NULL FROM pg_conversion WHERE oid >= 16384
UNION ALL SELECT 'operator family', oid, opfnamespace, opfname, opfowner, NULL FROM pg_opfamily WHERE oid >= 16384
UNION ALL SELECT 'text search configuration', oid, cfgnamespace, cfgname, cfgowner, NULL FROM pg_ts_config
UNION ALL SELECT 'text search dictionary', oid, dictnamespace, dictname, dictowner, NULL FROM pg_ts_dict
UNION ALL SELECT 'text search parser', oid, prsnamespace, prsname, 0, NULL FROM pg_ts_parser
UNION ALL SELECT 'text search template', oid, tmplnamespace, tmplname, 0, NULL FROM pg_ts_template)";

std::unordered_map<ObjectId, std::string>* names_of_kind(Reading& reading, std::string_view kind) {
  if (kind == "role") return &reading.roles;
  if (kind == "tablespace") return &reading.tablespaces;
  if (kind == "access method") return &reading.methods;
  if (kind == "language") return &reading.languages;
  return nullptr;
}

void take_detail(OtherObject& object, const std::string& detail) {
  object.superuser = object.kind == "role" && !detail.empty();
  object.all_tables = object.kind == "publication" && !detail.empty();
  if (object.kind == "server") object.wrapper = detail;
  if (object.kind == "foreign data wrapper") object.has_handler = detail.empty();
}

void read_settings(Reading& reading) {
  ServerFacts& server = reading.catalog.server;
  server.preloads_libraries = false;
  reading.each("SELECT lower(name), name LIKE '%preload_libraries' AND setting <> '' FROM pg_settings",
               [&](const CopiedRow& row) {
                 server.settings.insert(row.text(0));
                 server.preloads_libraries |= row.flag(1);
               });
}

// The orders that are the bytes', of the collations that libc and the server itself have (pg_locale.c).
void read_default_collation(Reading& reading) {
  const std::string_view provider = reading.from(150000, "datlocprovider", "'c'");
  reading.each(fmt::format("SELECT {0} = 'b' OR ({0} = 'c' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')) "
                           "FROM pg_database WHERE datname = current_database()",
                           provider),
               [&](const CopiedRow& row) { reading.catalog.server.compares_bytes = row.flag(0); });
}

void read_schemas(Reading& reading) {
  reading.each(kSchemas, [&](const CopiedRow& row) {
    reading.schemas.emplace(row.id(0), row.text(1));
    reading.catalog.schemas.add({.id = row.id(0), .schema = "", .name = row.text(1), .owner = row.text(2)});
  });
}

}  // namespace

const std::string& name_of(const std::unordered_map<ObjectId, std::string>& names, ObjectId id) {
  static const std::string kNone;
  const auto at = names.find(id);
  return at == names.end() ? kNone : at->second;
}

void read_names(Reading& reading) {
  read_settings(reading);
  read_default_collation(reading);
  read_schemas(reading);
  reading.each(kOthers, [&](const CopiedRow& row) {
    OtherObject object{.id = row.id(1), .name = row.text(3), .kind = row.text(0)};
    const ObjectId schema = row.id(2);
    object.schema = name_of(reading.schemas, schema);
    if (schema != 0 && object.schema.empty()) return;
    object.owner = name_of(reading.roles, row.id(4));
    take_detail(object, row.text(5));
    if (auto* names = names_of_kind(reading, object.kind)) names->emplace(object.id, object.name);
    if (object.kind == "collation") {
      reading.collations.emplace(
          object.id, object.schema == "pg_catalog" ? object.name : fmt::format("{}.{}", object.schema, object.name));
    }
    reading.catalog.others.add(std::move(object));
  });
}

}  // namespace martlet
