#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

template <class T>
void mark(Store<T>& store, ObjectId id) {
  if (store.get(id)) store.edit(id).from_extension = true;
}

}  // namespace

void read_extensions(Reading& reading) {
  reading.each("SELECT oid, extname, extnamespace, extversion FROM pg_extension", [&](const CopiedRow& row) {
    reading.catalog.extensions.add({.id = row.id(0),
                                    .schema = "",
                                    .name = row.text(1),
                                    .home = name_of(reading.schemas, row.id(2)),
                                    .version = row.text(3)});
  });
  reading.each(
      "SELECT classid::regclass, objid FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass "
      "AND "
      "classid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass)",
      [&](const CopiedRow& row) {
        const std::string catalog = row.text(0);
        if (catalog == "pg_type") return mark(reading.catalog.types, row.id(1));
        if (catalog == "pg_proc") return mark(reading.catalog.functions, row.id(1));
        if (Relation* relation = reading.relation(row.id(1))) relation->from_extension = true;
      });
}

}  // namespace martlet
