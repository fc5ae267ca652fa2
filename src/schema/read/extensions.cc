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
  reading.each("SELECT extname, extnamespace, extversion FROM pg_extension ORDER BY extname",
               [&](const CopiedRow& row) {
                 reading.catalog.extensions.push_back({row.text(0), name_of(reading.schemas, row.id(1)), row.text(2)});
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
