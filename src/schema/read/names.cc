// Schemas, and everything that is only known to exist.
#include <fmt/format.h>

#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr std::string_view kSchemas =
    "SELECT oid, CASE WHEN oid = pg_my_temp_schema() THEN 'pg_temp' ELSE nspname END, pg_get_userbyid(nspowner) "
    "FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp_|toast_temp_)' OR oid = pg_my_temp_schema()";

// kind, id, schema, name, owner
constexpr std::string_view kOthers = R"(
SELECT 'role', oid, 0, rolname, 0 FROM pg_roles
UNION ALL SELECT 'tablespace', oid, 0, spcname, spcowner FROM pg_tablespace
UNION ALL SELECT 'access method', oid, 0, amname, 0 FROM pg_am
UNION ALL SELECT 'collation', oid, collnamespace, collname, collowner FROM pg_collation
UNION ALL SELECT 'language', oid, 0, lanname, lanowner FROM pg_language
UNION ALL SELECT 'foreign data wrapper', oid, 0, fdwname, fdwowner FROM pg_foreign_data_wrapper
UNION ALL SELECT 'server', oid, 0, srvname, srvowner FROM pg_foreign_server
UNION ALL SELECT 'publication', oid, 0, pubname, pubowner FROM pg_publication
UNION ALL SELECT 'subscription', oid, 0, subname, subowner FROM pg_subscription
  WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 'event trigger', oid, 0, evtname, evtowner FROM pg_event_trigger
UNION ALL SELECT 'conversion', oid, connamespace, conname, conowner FROM pg_conversion WHERE oid >= 16384
UNION ALL SELECT 'operator family', oid, opfnamespace, opfname, opfowner FROM pg_opfamily WHERE oid >= 16384
UNION ALL SELECT 'text search configuration', oid, cfgnamespace, cfgname, cfgowner FROM pg_ts_config
UNION ALL SELECT 'text search dictionary', oid, dictnamespace, dictname, dictowner FROM pg_ts_dict
UNION ALL SELECT 'text search parser', oid, prsnamespace, prsname, 0 FROM pg_ts_parser
UNION ALL SELECT 'text search template', oid, tmplnamespace, tmplname, 0 FROM pg_ts_template)";

std::unordered_map<ObjectId, std::string>* names_of_kind(Reading& reading, std::string_view kind) {
  if (kind == "role") return &reading.roles;
  if (kind == "tablespace") return &reading.tablespaces;
  if (kind == "access method") return &reading.methods;
  if (kind == "language") return &reading.languages;
  return nullptr;
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
  read_schemas(reading);
  reading.each(kOthers, [&](const CopiedRow& row) {
    OtherObject object{.id = row.id(1), .name = row.text(3), .kind = row.text(0)};
    const ObjectId schema = row.id(2);
    object.schema = name_of(reading.schemas, schema);
    if (schema != 0 && object.schema.empty()) return;
    object.owner = name_of(reading.roles, row.id(4));
    if (auto* names = names_of_kind(reading, object.kind)) names->emplace(object.id, object.name);
    if (object.kind == "collation") {
      reading.collations.emplace(
          object.id, object.schema == "pg_catalog" ? object.name : fmt::format("{}.{}", object.schema, object.name));
    }
    reading.catalog.others.add(std::move(object));
  });
}

}  // namespace martlet
