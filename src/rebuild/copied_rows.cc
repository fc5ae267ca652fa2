#include "rebuild/copied_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "sql/statement.h"

namespace martlet {
namespace {

struct Copied {
  std::vector<std::string> columns, values;  // of the new table; of the old one
};

bool has_rowid(Connection& database, const std::string& table) {
  const Result found =
      database.execute("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = $1", {table});
  return found.rows.at(0).at(0).value_or("0") == "0";
}

// INTEGER PRIMARY KEY is the rowid under another name.
bool column_is_rowid(const std::vector<Row>& columns) {
  const auto is_key = [](const Row& row) { return row[2].value_or("0") != "0"; };
  if (std::ranges::count_if(columns, is_key) != 1) return false;
  return lower(std::ranges::find_if(columns, is_key)->at(1).value_or("")) == "integer";
}

// A name for the rowid that no column has taken.
std::string rowid_name(const std::vector<Row>& columns) {
  for (const std::string_view name : {"rowid", "_rowid_", "oid"}) {
    const auto taken = [&](const Row& row) { return lower(row[0].value_or("")) == name; };
    if (std::ranges::none_of(columns, taken)) return std::string(name);
  }
  return "";
}

Copied what_is_copied(Connection& database, const std::string& built, const ChangedTable& changed) {
  Copied copied;
  const std::vector<Row> columns =
      database.execute("SELECT name, type, pk, hidden FROM pragma_table_xinfo($1)", {built}).rows;
  const std::string rowid = rowid_name(columns);
  if (has_rowid(database, built) && !column_is_rowid(columns) && !rowid.empty()) {
    copied.columns.push_back(rowid);
    copied.values.push_back(rowid);
  }
  for (const Row& row : columns) {
    const std::string name = row[0].value_or("");
    const bool generated = row[3].value_or("0") != "0";
    if (generated || changed.added.contains(lower(name))) continue;
    const auto value = changed.values.find(lower(name));
    copied.columns.push_back(quote_identifier(name));
    copied.values.push_back(value == changed.values.end() ? quote_identifier(name) : value->second);
  }
  return copied;
}

std::int64_t count(Connection& database, const std::string& table) {
  const Result found = database.execute(fmt::format("SELECT count(*) FROM {}", quote_identifier(table)));
  return std::stoll(found.rows.at(0).at(0).value_or("0"));
}

void refuse_lost_rows(Connection& database, const std::string& old, const std::string& built) {
  const std::int64_t before = count(database, old), after = count(database, built);
  if (before == after) return;
  throw Error(ErrorKind::migration_failed,
              fmt::format("{} of {} rows would be lost: a constraint of {} leaves out or replaces rows that conflict",
                          before - after, before, old))
      .next("correct those rows first, in the same migration");
}

// By the rules of SQLite's type affinity ("Datatypes In SQLite", section 3.1).
bool is_number(const std::string& type) {
  const std::string name = lower(type);
  for (const std::string_view part : {"int", "real", "floa", "doub"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

void refuse_no_numbers(Connection& database, const std::string& built, const ChangedTable& changed) {
  for (const auto& [column, type] : changed.types) {
    if (!is_number(type) || !changed.text.has_column(column)) continue;
    const std::string name = quote_identifier(column);
    const Result found =
        database.execute(fmt::format("SELECT count(*), min(quote({0})) FROM {1} WHERE typeof({0}) IN ('text', 'blob')",
                                     name, quote_identifier(built)));
    if (found.rows.at(0).at(0).value_or("0") == "0") continue;
    throw Error(ErrorKind::migration_failed,
                fmt::format("{} has values that are no {}; rows: {}, e.g. {}", column, type, *found.rows[0][0],
                            found.rows[0][1].value_or("").substr(0, 60)))
        .next("correct the values first, or say how they are converted: ALTER COLUMN … TYPE … USING expression");
  }
}

// Else numbers of deleted rows would be given out again.
void carry_sequence(Connection& database, const std::string& old, const std::string& built) {
  if (database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").rows.empty()) return;
  database.execute("DELETE FROM sqlite_sequence WHERE name = $1", {built});
  database.execute("INSERT INTO sqlite_sequence (name, seq) SELECT $1, seq FROM sqlite_sequence WHERE name = $2",
                   {built, old});
}

}  // namespace

void copy_rows(Connection& database, const std::string& old, const std::string& built, const ChangedTable& changed) {
  const Copied copied = what_is_copied(database, built, changed);
  database.execute(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", quote_identifier(built),
                               join(copied.columns, ", "), join(copied.values, ", "), quote_identifier(old)));
  refuse_lost_rows(database, old, built);
  refuse_no_numbers(database, built, changed);
  carry_sequence(database, old, built);
}

}  // namespace martlet
