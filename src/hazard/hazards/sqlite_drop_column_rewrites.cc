#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const SqliteAlter alter = sqlite_alter(at.statement);
  if (alter.kind != SqliteAlter::Kind::drop_column || at.effects.error || !may_have_rows(at, alter)) return;
  found
      .add(at, fmt::format("every row of {} is written anew, and nobody else can write to the database meanwhile",
                           alter.shown))
      .relations = {alter.shown};
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-drop-column-rewrites",
    .severity = Hazard::Severity::warning,
    .summary = "DROP COLUMN writes every row anew",
    .why = "ADD COLUMN and RENAME only change the schema, DROP COLUMN takes the values out of every row, in one "
           "transaction. SQLite has one writer: all others wait, or fail with SQLITE_BUSY, until it is done.",
    .safe_form = "On a small table nobody notices. On a large one leave the column where it is and stop using it, or "
                 "choose a quiet hour.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
