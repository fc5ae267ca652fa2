#include "history/view.h"

#include "history/values.h"
#include "sql/statement.h"

namespace martlet {
namespace {

// Tells martlet's view from a user's: kept as the view's comment (PostgreSQL) or inside its text (SQLite).
constexpr std::string_view kMark = "published by martlet: the ledger of migrations";

enum class Occupant { absent, ours, foreign };

Occupant occupant(Connection& connection, const ViewName& view) {
  Result found;
  if (connection.dialect() == Dialect::sqlite) {
    found = connection.execute("SELECT type = 'view' AND instr(sql, $2) > 0 FROM sqlite_schema WHERE name = $1",
                               {view.name, std::string(kMark)});
  } else {
    found = connection.execute(
        "SELECT c.relkind = 'v' AND coalesce(obj_description(c.oid, 'pg_class') = $3, false) "
        "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = $1 AND c.relname = $2",
        {view.schema, view.name, std::string(kMark)});
  }
  if (found.rows.empty()) return Occupant::absent;
  return truth_of(found.rows[0][0]) ? Occupant::ours : Occupant::foreign;
}

std::string definition(const HistoryNames& names) {
  return "SELECT version, name, kind, state, installed_order, applied_at, applied_by, actor, ticket, duration_ms, "
         "checksum, id FROM " +
         names.ledger;
}

}  // namespace

ViewName ViewName::parse(const std::string& text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return {"public", text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

std::string ViewName::quoted(Dialect dialect) const {
  const std::string table = quote_identifier(name);
  return dialect == Dialect::sqlite ? table : quote_identifier(schema) + "." + table;
}

bool view_exists(Connection& connection, const std::string& view) {
  return view.empty() || occupant(connection, ViewName::parse(view)) == Occupant::ours;
}

void publish_view(Connection& connection, const HistoryNames& names, const std::string& view) {
  const ViewName name = ViewName::parse(view);
  const std::string quoted = name.quoted(names.dialect);
  const Occupant now = occupant(connection, name);
  if (now == Occupant::foreign) {
    throw Error(ErrorKind::validation, "[history] view " + view + " cannot be made: something else has that name")
        .leaves("nothing was changed")
        .next("choose another name for [history] view, or move what is there out of the way");
  }
  if (now == Occupant::ours) connection.execute("DROP VIEW " + quoted);
  if (names.dialect == Dialect::sqlite) {
    connection.execute("CREATE VIEW " + quoted + " AS /* " + std::string(kMark) + " */ " + definition(names));
    return;
  }
  connection.execute("CREATE VIEW " + quoted + " AS " + definition(names));
  connection.execute("COMMENT ON VIEW " + quoted + " IS " + quote_literal(kMark, names.dialect));
}

}  // namespace martlet
