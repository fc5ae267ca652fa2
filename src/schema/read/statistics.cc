#include <fmt/format.h>

#include <algorithm>

#include "db/connection.h"
#include "schema/read/node_text.h"
#include "schema/read/reading.h"

namespace martlet {

void read_statistics(Reading& reading) {
  const std::string expressions = fmt::format(
      "CASE WHEN {} THEN pg_get_statisticsobjdef_expressions(oid) END, stxexprs::text", reading.readable("stxrelid"));
  const std::string query = fmt::format(
      "SELECT oid, stxrelid, stxnamespace, stxname, stxkeys, array_to_string(stxkind, ''), {} FROM pg_statistic_ext",
      reading.from(140000, expressions, "NULL, NULL"));
  reading.each(query, [&](const CopiedRow& row) {
    Relation* relation = reading.relation(row.id(1));
    if (!relation) return;
    Statistics statistics{.id = row.id(0), .schema = name_of(reading.schemas, row.id(2)), .name = row.text(3)};
    statistics.columns = row.integers(4);
    for (const int column : stored_columns(row.text(7))) {
      if (std::ranges::count(statistics.columns, column) == 0) statistics.columns.push_back(column);
    }
    statistics.kinds = row.text(5);
    statistics.expressions = row.texts(6);
    relation->statistics.push_back(std::move(statistics));
  });
}

void read_publications(Reading& reading) {
  reading.each("SELECT r.prrelid, p.pubname FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid",
               [&](const CopiedRow& row) {
                 if (Relation* relation = reading.relation(row.id(0))) relation->publications.push_back(row.text(1));
               });
}

}  // namespace martlet
