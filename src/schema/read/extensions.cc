#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

template <class T>
void mark(Store<T>& store, ObjectId id, ObjectId extension) {
  if (store.get(id)) store.edit(id).extension = extension;
}

constexpr std::string_view kMembers =
    "SELECT classid::regclass, objid, refobjid FROM pg_depend WHERE deptype = 'e' "
    "AND refclassid = 'pg_extension'::regclass AND classid IN ('pg_class'::regclass, 'pg_type'::regclass, "
    "'pg_proc'::regclass, 'pg_opclass'::regclass)";

void take_member(Reading& reading, std::string_view catalog, ObjectId id, ObjectId extension) {
  if (catalog == "pg_type") return mark(reading.catalog.types, id, extension);
  if (catalog == "pg_proc") return mark(reading.catalog.functions, id, extension);
  if (catalog == "pg_opclass") return mark(reading.catalog.operator_classes, id, extension);
  if (Relation* relation = reading.relation(id)) relation->extension = extension;
}

}  // namespace

void read_extensions(Reading& reading) {
  reading.each("SELECT oid, extname, extnamespace, extversion, extrelocatable FROM pg_extension",
               [&](const CopiedRow& row) {
                 reading.catalog.extensions.add({.id = row.id(0),
                                                 .schema = "",
                                                 .name = row.text(1),
                                                 .home = name_of(reading.schemas, row.id(2)),
                                                 .version = row.text(3),
                                                 .relocatable = row.flag(4)});
               });
  reading.each(kMembers, [&](const CopiedRow& row) { take_member(reading, row.text(0), row.id(1), row.id(2)); });
  reading.each("SELECT name FROM pg_available_extensions",
               [&](const CopiedRow& row) { reading.catalog.server.available_extensions.insert(row.text(0)); });
}

}  // namespace martlet
