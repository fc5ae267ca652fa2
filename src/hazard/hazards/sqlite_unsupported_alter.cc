#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const SqliteAlter alter = sqlite_alter(at.statement);
  if (alter.kind != SqliteAlter::Kind::unsupported || !at.effects.error) return;
  HazardFinding& finding = found.add(at, fmt::format("SQLite cannot do that: {}", at.effects.error->message));
  finding.relations = {alter.shown};
  finding.finding.next = fmt::format(
      "build {} anew: create the new table under another name, copy the rows, drop the old one, rename, and make its "
      "indexes, triggers and views again",
      alter.shown);
}

const Registered<Hazard> kHazard{{
    .id = "sqlite-unsupported-alter",
    .severity = Hazard::Severity::error,
    .summary = "an ALTER TABLE that SQLite does not have",
    .why = "SQLite renames tables and columns, adds columns and drops them. Types, constraints and defaults of columns "
           "that are there cannot be changed: the statement is a syntax error.",
    .safe_form = "Build the table anew in one transaction, with foreign keys off: create it under another name, copy "
                 "the rows, drop the old one, rename the new one, make indexes, triggers and views again, PRAGMA "
                 "foreign_key_check (documented in \"ALTER TABLE\", section 7).",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
