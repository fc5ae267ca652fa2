#include <fmt/format.h>

#include "db/connection.h"
#include "schema/letters.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr ObjectId kDefaultCollation = 100;

constexpr std::string_view kTypes =
    "SELECT oid, typnamespace, typname, typtype, typcategory, typispreferred, typlen, "
    "CASE WHEN typcategory = 'A' AND typlen = -1 THEN typelem ELSE 0 END, typarray, typbasetype, typtypmod, "
    "typnotnull, typrelid, typcollation, typowner, typdefault, typstorage FROM pg_type WHERE oid >= {}";

void take_type(Reading& reading, const CopiedRow& row) {
  Type type{.id = row.id(0), .schema = name_of(reading.schemas, row.id(1)), .name = row.text(2)};
  if (type.schema.empty()) return;
  type.kind = type_kind(row.letter(3));
  type.category = row.letter(4);
  type.preferred = row.flag(5);
  type.length = row.integer(6);
  type.element = row.id(7);
  type.array = row.id(8);
  type.base = {row.id(9), row.integer(10)};
  type.not_null = row.flag(11);
  type.relation = row.id(12);
  const ObjectId collation = row.id(13);
  type.collatable = collation != 0;
  if (collation != 0 && collation != kDefaultCollation) reading.type_collations.emplace(type.id, collation);
  type.owner = name_of(reading.roles, row.id(14));
  type.default_sql = row.text(15);
  type.storage = row.letter(16);
  reading.catalog.types.add(std::move(type));
}

void read_labels(Reading& reading) {
  reading.each("SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder", [&](const CopiedRow& row) {
    if (reading.catalog.types.get(row.id(0))) reading.catalog.types.edit(row.id(0)).labels.push_back(row.text(1));
  });
}

void read_ranges(Reading& reading) {
  const std::string query = fmt::format("SELECT rngtypid, rngsubtype, {} FROM pg_range WHERE rngtypid >= {}",
                                        reading.from(140000, "rngmultitypid", "0"), reading.first_id);
  reading.each(query, [&](const CopiedRow& row) {
    if (reading.catalog.types.get(row.id(0))) reading.catalog.types.edit(row.id(0)).subtype = row.id(1);
    if (reading.catalog.types.get(row.id(2))) reading.catalog.types.edit(row.id(2)).subtype = row.id(0);
  });
}

void read_casts(Reading& reading) {
  const std::string query =
      fmt::format("SELECT castsource, casttarget, castmethod, castcontext, castfunc::oid FROM pg_cast WHERE oid >= {}",
                  reading.first_id);
  reading.each(query, [&](const CopiedRow& row) {
    Cast cast{.source = row.id(0), .target = row.id(1), .context = row.letter(3), .function = row.id(4)};
    cast.method = row.letter(2) == 'f'   ? Cast::Method::function
                  : row.letter(2) == 'b' ? Cast::Method::binary
                                         : Cast::Method::inout;
    reading.catalog.add_cast(cast);
  });
}

}  // namespace

void read_types(Reading& reading) {
  reading.each(fmt::format(kTypes, reading.first_id), [&](const CopiedRow& row) { take_type(reading, row); });
  read_labels(reading);
  read_ranges(reading);
  read_casts(reading);
}

}  // namespace martlet
