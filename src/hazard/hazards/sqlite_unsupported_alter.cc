#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/sqlite_alter.h"
#include "hazard/sqlite_model.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const SqliteAlter alter = sqlite_alter(at.statement);
  if (at.sqlite->built_anew()) {
    HazardFinding& finding = found.add(
        at, fmt::format("martlet builds {} anew for this, row by row, while every other writer of the database "
                        "waits; SQLite and other tools refuse the statement",
                        alter.shown));
    finding.finding.severity = std::min(finding.finding.severity, Finding::Severity::warning);
    finding.relations = {alter.shown};
    return;
  }
  if (alter.kind != SqliteAlter::Kind::unsupported || !at.effects.error) return;
  HazardFinding& finding =
      found.add(at, fmt::format("this cannot be done to {}: {}", alter.shown, at.effects.error->message));
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
    .why = "SQLite renames tables and columns, adds columns and drops them. For types, constraints and defaults of "
           "columns that are there a run builds the table anew in its transaction: every row is copied, and SQLite has "
           "one writer, so that all others wait or fail with SQLITE_BUSY. Other tools get a syntax error. What a table "
           "that is built anew cannot have either is an error.",
    .safe_form = "Let martlet run it, when nobody needs to write. By hand: in one transaction, with foreign keys off, "
                 "create the table under another name, copy the rows, drop the old one, rename the new one, make "
                 "indexes, triggers and views again, PRAGMA foreign_key_check (documented in \"ALTER TABLE\", "
                 "section 7).",
    .check = check,
    .dialect = Dialect::sqlite,
}};

}  // namespace
}  // namespace martlet
