#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

// What is said of a column or a table that is not there is no matter of what uses it.
bool is_about_use(const std::string& message) {
  return message.find("cannot drop") != std::string::npos || message.find("after drop column") != std::string::npos;
}

void check(const Case& at, Findings& found) {
  const SqliteAlter alter = sqlite_alter(at.statement);
  if (alter.kind != SqliteAlter::Kind::drop_column || !at.effects.error) return;
  if (!is_about_use(at.effects.error->message)) return;
  found.add(at, fmt::format("it fails, because something uses the column: {}", at.effects.error->message)).relations = {
      alter.shown};
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-drop-indexed-column",
    .severity = Hazard::Severity::error,
    .summary = "DROP COLUMN of a column that an index, a view, a trigger or a key uses",
    .why = "SQLite drops nothing along with a column: where an index, a view, a trigger, a generated column or a "
           "constraint of the table names it, the statement is refused.",
    .safe_form = "Drop the index, view or trigger first, in the same migration, and make it again without the column. "
                 "A column of a UNIQUE or PRIMARY KEY constraint needs the table to be built anew.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
