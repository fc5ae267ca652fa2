#include <fmt/format.h>

#include <algorithm>

#include "db/connection.h"
#include "schema/read/node_text.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr std::string_view kColumns =
    "SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, "
    "CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation ELSE 0 END, a.attnotnull, a.attidentity, "
    "a.attgenerated, a.attinhcount > 0, a.attislocal, a.attstorage, {}, a.attstattarget, a.attoptions "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid "
    "WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')";

// Since the minor versions of 2026 the server counts a column's changes in an option that nobody can set; pg_dump
// leaves it out as well.
constexpr std::string_view kServersOwn = "pg_attver=";

Column::Identity identity(char letter) {
  return letter == 'a'   ? Column::Identity::always
         : letter == 'd' ? Column::Identity::by_default
                         : Column::Identity::none;
}

Column column_of(const Reading& reading, const CopiedRow& row) {
  Column column{.number = row.integer(1), .name = row.text(2)};
  column.type = {row.id(3), row.integer(4)};
  if (const ObjectId collation = row.id(5)) column.collation = name_of(reading.collations, collation);
  column.not_null = row.flag(6);
  column.identity = identity(row.letter(7));
  column.generated = row.letter(8) == 's';
  column.inherited = row.flag(9);
  column.local = row.flag(10);
  column.storage = row.letter(11);
  column.compression = row.letter(12);
  column.statistics_target = row.is_null(13) ? -1 : row.integer(13);
  column.options = row.texts(14);
  std::erase_if(column.options, [](const std::string& option) { return option.starts_with(kServersOwn); });
  return column;
}

// Only generated columns read others and need their relation to be deparsed. The trees of plain literals and of
// nextval('…') need not be looked at: they are most of them.
constexpr std::string_view kDefaults =
    "SELECT oid, adrelid, adnum, sql, "
    "CASE WHEN sql LIKE 'nextval(%' OR strpos(sql, '(') = 0 AND (sql IN ('true', 'false') OR sql ~ '^[''0-9-]') "
    "THEN NULL ELSE nodes END FROM (SELECT oid, adrelid, adnum, CASE WHEN strpos(nodes, '{{VAR ') = 0 "
    "THEN pg_get_expr(adbin, 0) WHEN {} THEN pg_get_expr(adbin, adrelid) END AS sql, nodes "
    "FROM (SELECT *, adbin::text AS nodes FROM pg_attrdef OFFSET 0) AS stored OFFSET 0) AS d WHERE sql IS NOT NULL";

Volatility default_volatility(const Reading& reading, const std::string& sql, const CopiedRow& row) {
  if (sql.starts_with("nextval(")) return Volatility::volatile_;
  return row.is_null(4) ? Volatility::immutable : stored_volatility(reading.catalog, row.text(4));
}

void read_defaults(Reading& reading) {
  reading.each(fmt::format(kDefaults, reading.readable("adrelid")), [&](const CopiedRow& row) {
    Relation* relation = reading.relation(row.id(1));
    Column* column = relation ? relation->column(row.integer(2)) : nullptr;
    if (!column) return;
    reading.relation_of.emplace(row.id(0), relation->id);
    reading.default_columns.emplace(row.id(0), column->number);
    column->default_sql = row.text(3);
    column->default_volatility = default_volatility(reading, column->default_sql, row);
  });
}

}  // namespace

void read_columns(Reading& reading) {
  const std::string query = fmt::format(kColumns, reading.from(140000, "a.attcompression", "NULL"));
  reading.each(query, [&](const CopiedRow& row) {
    if (Relation* relation = reading.relation(row.id(0))) relation->columns.push_back(column_of(reading, row));
  });
  for (Relation& each : reading.relations) std::ranges::sort(each.columns, {}, &Column::number);
  read_defaults(reading);
}

void read_widths(Reading& reading) {
  const bool may_read_all =
      reading.connection.execute("SELECT has_table_privilege('pg_statistic', 'SELECT')").rows.at(0).at(0) == "t";
  const std::string_view query =
      may_read_all ? "SELECT starelid, staattnum, stawidth FROM pg_statistic WHERE NOT stainherit AND starelid >= 16384"
                   : "SELECT a.attrelid, a.attnum, s.avg_width FROM pg_stats s JOIN pg_namespace n ON n.nspname = "
                     "s.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename "
                     "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname "
                     "WHERE NOT s.inherited AND c.oid >= 16384";
  reading.each(query, [&](const CopiedRow& row) {
    Relation* relation = reading.relation(row.id(0));
    if (Column* column = relation ? relation->column(row.integer(1)) : nullptr) column->average_width = row.integer(2);
  });
}

}  // namespace martlet
