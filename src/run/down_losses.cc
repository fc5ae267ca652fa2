#include "run/down_losses.h"

#include <fmt/format.h>

#include "effects/destructive.h"
#include "history/values.h"
#include "sql/statement.h"

namespace martlet {
namespace {

constexpr int kPatience = 5;  // seconds, for one look at a table

// On SQLite nobody can tell who wrote a row: any row counts.
std::string question(Connection& connection, const Destruction& loss) {
  const bool column = loss.kind == Destruction::Kind::column;
  if (connection.dialect() == Dialect::sqlite) {
    return fmt::format("SELECT EXISTS (SELECT 1 FROM {}{})", loss.object,
                       column ? fmt::format(" WHERE {} IS NOT NULL", loss.column) : "");
  }
  // The server quotes the names, and knows the default and the transaction that made the table or column.
  const Result found = column ? connection.execute(
                                    "SELECT a.attrelid::regclass::text, quote_ident(a.attname), a.xmin::text, "
                                    "coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'NULL') "
                                    "FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d "
                                    "ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = '' "
                                    "WHERE a.attrelid = pg_catalog.to_regclass($1) "
                                    "AND a.attname = (pg_catalog.parse_ident($2))[1] AND NOT a.attisdropped",
                                    {loss.object, loss.column})
                              : connection.execute(
                                    "SELECT c.oid::regclass::text, '', c.xmin::text, '' FROM pg_catalog.pg_class c "
                                    "WHERE c.oid = pg_catalog.to_regclass($1) AND c.relkind IN ('r', 'p', 'm', 'f')",
                                    {loss.object});
  if (found.rows.empty()) return "";  // it is not there: the statement will say so, or IF EXISTS is in it
  const Row& row = found.rows[0];
  const std::string theirs = fmt::format("xmin::text <> '{}'", text_of(row[2]));
  if (!column) return fmt::format("SELECT EXISTS (SELECT 1 FROM {} WHERE {})", text_of(row[0]), theirs);
  return fmt::format("SELECT EXISTS (SELECT 1 FROM {} WHERE {} AND {} IS DISTINCT FROM ({}))", text_of(row[0]), theirs,
                     text_of(row[1]), text_of(row[3]));
}

// Without CASCADE only an empty schema can be dropped; what is in it is not looked at row by row.
constexpr std::string_view kHasTables =
    "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.to_regnamespace($1) "
    "AND relkind IN ('r', 'p', 'm', 'f'))";

bool is_lost(Connection& connection, const Destruction& loss) {
  using Kind = Destruction::Kind;
  if (loss.kind == Kind::schema && connection.dialect() == Dialect::postgres) {
    return truth_of(connection.execute(kHasTables, {loss.object}).rows.at(0).at(0));
  }
  const bool looked_into = loss.kind == Kind::table || loss.kind == Kind::column || loss.kind == Kind::rows;
  if (!looked_into) return true;
  const std::string asked = question(connection, loss);
  return !asked.empty() && truth_of(connection.execute(asked).rows.at(0).at(0));
}

// "" where nothing of others would be lost.
std::string lost(Connection& connection, const Destruction& loss) {
  try {
    const bool postgres = connection.dialect() == Dialect::postgres;
    if (postgres) connection.execute("BEGIN READ ONLY");
    if (postgres) connection.execute(fmt::format("SET LOCAL statement_timeout = '{}s'", kPatience));
    const bool any = is_lost(connection, loss);
    connection.rollback();
    return any ? loss.text() + ", which others have written to" : "";
  } catch (const Error& error) {
    connection.rollback();
    if (error.kind == ErrorKind::cancelled) throw;
    return fmt::format("{}, and whether others have written to it could not be found out: {}", loss.text(),
                       error.message);
  }
}

}  // namespace

std::vector<std::string> down_losses(Connection& connection, std::span<const Job> downs) {
  std::vector<std::string> losses;
  for (const Job& job : downs) {
    if (job.planned && job.planned->undoes) continue;  // what a plan made beside the data, it takes away again
    for (const ScriptStatement& at : job.script.statements) {
      for (const Destruction& loss : destroys(at.statement, connection.dialect())) {
        const std::string text = lost(connection, loss);
        if (!text.empty()) losses.push_back(fmt::format("{}: {}", at.statement.place.text(), text));
      }
    }
  }
  return losses;
}

}  // namespace martlet
