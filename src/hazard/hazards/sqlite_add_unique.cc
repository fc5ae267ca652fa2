#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

// SQLite refuses it on empty tables, too.
void check(const Case& at, Findings& found) {
  const SqliteAlter alter = sqlite_alter(at.statement);
  if (alter.kind != SqliteAlter::Kind::add_column) return;
  const std::string error = error_with_rows(at, alter);
  const bool is_key =
      error.find("a UNIQUE column") != std::string::npos || error.find("a PRIMARY KEY column") != std::string::npos;
  if (is_key) found.add(at, fmt::format("it fails: {}", error)).relations = {alter.shown};
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-add-unique",
    .severity = Hazard::Severity::error,
    .summary = "ADD COLUMN with UNIQUE or PRIMARY KEY",
    .why = "SQLite keeps such a column's values in an index that ADD COLUMN does not build, and refuses the statement.",
    .safe_form = "Add the column, then CREATE UNIQUE INDEX on it. A primary key needs the table to be built anew.",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
