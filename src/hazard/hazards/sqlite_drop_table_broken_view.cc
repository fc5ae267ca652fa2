#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/hazard.h"
#include "hazard/sqlite_model.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const std::vector<std::string>& broken = at.sqlite->broken_views();
  if (broken.empty()) return;
  Lexer words(at.statement.text, Dialect::sqlite);
  words.accept({"drop", "table"});
  words.accept({"if", "exists"});
  const std::string table = words.accept_name();
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
