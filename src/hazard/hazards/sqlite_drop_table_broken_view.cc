#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "db/connection.h"
#include "hazard/sqlite_alter.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

constexpr std::string_view kTrial = "martlet_drop_table";

bool works(Connection& database, const std::string& view) {
  try {
    database.execute(fmt::format("EXPLAIN SELECT * FROM {}", quote_identifier(view)));
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::vector<std::string> working_views(Connection& database) {
  std::vector<std::string> views;
  for (const Row& row : database.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").rows) {
    if (row[0] && works(database, *row[0])) views.push_back(*row[0]);
  }
  return views;
}

std::vector<std::string> broken_by(const Case& at) {
  Connection& database = *at.sqlite;
  std::vector<std::string> broken = working_views(database);
  if (broken.empty()) return broken;
  database.execute(fmt::format("SAVEPOINT {}", kTrial));
  try {
    database.execute(at.statement.text);
    const std::vector<std::string> left = working_views(database);
    std::erase_if(broken, [&](const std::string& view) { return std::ranges::count(left, view) > 0; });
  } catch (const Error&) {
    broken.clear();
  }
  database.execute(fmt::format("ROLLBACK TO {}", kTrial));
  database.execute(fmt::format("RELEASE {}", kTrial));
  return broken;
}

void check(const Case& at, Findings& found) {
  Lexer words(at.statement.text, Dialect::sqlite);
  if (!words.accept({"drop", "table"}) || at.effects.error) return;
  words.accept({"if", "exists"});
  const std::string table = words.accept_name();
  const std::vector<std::string> broken = broken_by(at);
  if (broken.empty()) return;
  found.add(at, fmt::format("{} {} without {}", join(broken, ", "), broken.size() == 1 ? "fails" : "fail", table))
      .relations = {table};
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-drop-table-broken-view",
    .severity = Hazard::Severity::error,
    .summary = "DROP TABLE of a table that a view reads",
    .why = "SQLite drops the table and keeps the view, which fails from then on. So does every later ALTER TABLE … "
           "RENAME, of whatever table, because it reads all views.",
    .safe_form = "Drop the view first, and make it again behind the table's successor.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
