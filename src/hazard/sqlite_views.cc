#include "hazard/sqlite_views.h"

#include <fmt/format.h>

#include <algorithm>

#include "hazard/sqlite_alter.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

bool works(Connection& database, const std::string& view) {
  try {
    database.execute(fmt::format("EXPLAIN SELECT * FROM {}", quote_identifier(view)));
    return true;
  } catch (const Error&) {
    return false;
  }
}

// In its text at least: cheap to ask, and where no view does, none reads it through another one either.
bool some_view_names(const std::string& table, Connection& database) {
  const Result found =
      database.execute("SELECT 1 FROM sqlite_schema WHERE type = 'view' AND instr(lower(sql), $1) LIMIT 1", {table});
  return !found.rows.empty();
}

}  // namespace

std::vector<std::string> working_views_on_dropped(const Statement& statement, Connection& database) {
  Lexer words(statement.text, Dialect::sqlite);
  if (!words.accept({"drop", "table"})) return {};
  words.accept({"if", "exists"});
  if (!some_view_names(sqlite_name(words.accept_name()), database)) return {};
  std::vector<std::string> views;
  for (const Row& row : database.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").rows) {
    if (row[0] && works(database, *row[0])) views.push_back(*row[0]);
  }
  return views;
}

std::vector<std::string> no_longer_working(std::vector<std::string> views, Connection& database) {
  std::erase_if(views, [&](const std::string& view) { return works(database, view); });
  return views;
}

}  // namespace martlet
