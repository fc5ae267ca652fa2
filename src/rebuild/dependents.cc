#include "rebuild/dependents.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/statement.h"

namespace martlet {
namespace {

[[noreturn]] void refuse(const std::string& why, const std::string& next) {
  throw Error(ErrorKind::migration_failed, why).next(next);
}

bool compiles(Connection& database, const std::string& sql) {
  try {
    database.execute("EXPLAIN " + sql);
    return true;
  } catch (const Error&) {
    return false;
  }
}

bool has_table(Connection& database, const std::string& name) {
  return !database.execute("SELECT 1 FROM sqlite_schema WHERE name = $1", {name}).rows.empty();
}

std::vector<std::string> first_column(const Result& result) {
  std::vector<std::string> names;
  for (const Row& row : result.rows) names.push_back(row[0].value_or(""));
  return names;
}

// Compiling these compiles the triggers of the table as well.
bool changes_compile(Connection& database, const std::string& table) {
  const std::string quoted = quote_identifier(table);
  std::vector<std::string> sets;
  const Result columns = database.execute("SELECT name FROM pragma_table_xinfo($1) WHERE hidden = 0", {table});
  for (const std::string& name : first_column(columns)) {
    sets.push_back(fmt::format("{0} = {0}", quote_identifier(name)));
  }
  return compiles(database, fmt::format("INSERT INTO {} DEFAULT VALUES", quoted)) &&
         compiles(database, fmt::format("DELETE FROM {}", quoted)) &&
         compiles(database, fmt::format("UPDATE {} SET {}", quoted, join(sets, ", ")));
}

}  // namespace

Dependents::Dependents(Connection& database, std::string table) : database_(database), table_(std::move(table)) {
  const Result found = database_.execute(
      "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = $1 COLLATE NOCASE AND type IN ('index', 'trigger') "
      "AND sql IS NOT NULL ORDER BY type, rowid",
      {table_});
  for (const Row& row : found.rows) {
    Object object{row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), {}};
    if (object.type == "index") object.columns = index_columns(object.name);
    objects_.push_back(std::move(object));
  }
  views_ = working_views();
  triggers_work_ = changes_compile(database_, table_);
  checked_ = tables_that_refer();
  checked_.push_back(table_);
  violations_ = violations();
  if (!has_table(database_, "sqlite_stat1")) return;
  statistics_ =
      database_.execute("SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl = $1 COLLATE NOCASE", {table_}).rows;
}

void Dependents::make_again() {
  for (const Object& object : objects_) {
    try {
      database_.execute(object.sql);
    } catch (const Error& error) {
      refuse(fmt::format("the {} {} cannot be made again: {}", object.type, object.name, error.message),
             fmt::format("drop it before the ALTER TABLE, in the same migration: DROP {} {}",
                         object.type == "index" ? "INDEX" : "TRIGGER", quote_where_needed(object.name)));
    }
  }
  for (const Row& row : statistics_) {
    database_.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)", row);
  }
}

void Dependents::check() {
  check_indexes();
  check_views();
  check_triggers();
  check_references();
}

// A name in double quotes that is no column any more is a string to SQLite, and no error.
void Dependents::check_indexes() {
  for (const Object& object : objects_) {
    if (object.type != "index" || index_columns(object.name) == object.columns) continue;
    refuse(fmt::format("the index {} would have other columns than before", object.name),
           "drop it before the ALTER TABLE, in the same migration");
  }
}

void Dependents::check_views() {
  const std::vector<std::string> working = working_views();
  for (const std::string& view : views_) {
    if (std::ranges::find(working, view) != working.end()) continue;
    refuse(fmt::format("the view {} would not work any more", view),
           "drop it before the ALTER TABLE and make it again behind it, in the same migration");
  }
}

void Dependents::check_triggers() {
  if (!triggers_work_ || changes_compile(database_, table_)) return;
  refuse(fmt::format("a trigger of {} would not work any more", table_),
         "drop it before the ALTER TABLE and make it again behind it, in the same migration");
}

void Dependents::check_references() {
  const std::optional<std::int64_t> now = violations();
  if (!now && violations_) {
    refuse(fmt::format("a foreign key to {} would have no unique columns to refer to", table_),
           "keep the key that other tables refer to");
  }
  if (!now || *now <= violations_.value_or(0)) return;
  refuse(fmt::format("rows would refer to rows that are not there: {}{}", *now - violations_.value_or(0),
                     first_violation()),
         "correct the rows first: PRAGMA foreign_key_check lists them");
}

std::vector<Row> Dependents::index_columns(const std::string& index) {
  return database_.execute("SELECT seqno, name, \"desc\", coll, key FROM pragma_index_xinfo($1)", {index}).rows;
}

std::vector<std::string> Dependents::working_views() {
  std::vector<std::string> views =
      first_column(database_.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name"));
  std::erase_if(views, [&](const std::string& view) {
    return !compiles(database_, fmt::format("SELECT * FROM {}", quote_identifier(view)));
  });
  return views;
}

std::vector<std::string> Dependents::tables_that_refer() {
  return first_column(
      database_.execute("SELECT DISTINCT t.name FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f "
                        "WHERE t.type = 'table' AND f.\"table\" = $1 COLLATE NOCASE AND t.name <> $1 COLLATE NOCASE",
                        {table_}));
}

// Nothing where a foreign key refers to columns that are not unique: SQLite cannot check it.
std::optional<std::int64_t> Dependents::violations() {
  std::int64_t count = 0;
  try {
    for (const std::string& table : checked_) {
      const Result found = database_.execute("SELECT count(*) FROM pragma_foreign_key_check($1)", {table});
      count += std::stoll(found.rows.at(0).at(0).value_or("0"));
    }
  } catch (const LockTimeout&) {
    throw;
  } catch (const Error& error) {
    if (error.kind != ErrorKind::migration_failed) throw;
    return std::nullopt;
  }
  return count;
}

std::string Dependents::first_violation() {
  for (const std::string& table : checked_) {
    const Result found = database_.execute("SELECT rowid, parent FROM pragma_foreign_key_check($1) LIMIT 1", {table});
    if (found.rows.empty()) continue;
    return fmt::format(", the first of them in {} (rowid {}) to {}", table, found.rows[0][0].value_or("-"),
                       found.rows[0][1].value_or(""));
  }
  return "";
}

}  // namespace martlet
