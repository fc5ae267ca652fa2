#include "hazard/sqlite_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/statement.h"

namespace martlet {
namespace {

constexpr std::string_view kObjects =
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

std::vector<SqliteObject> read_objects(Connection& database, const Request& request) {
  std::vector<SqliteObject> objects;
  database.each_row(request, [&](Row&& row) {
    objects.push_back({row[0].value_or(""), row[1].value_or(""), std::move(row[2]).value_or("")});
  });
  return objects;
}

// Those of `these` that are not in `others`, in their order.
std::vector<SqliteObject> missing_in(const std::vector<SqliteObject>& others, const std::vector<SqliteObject>& these) {
  const std::set<SqliteObject> known(others.begin(), others.end());
  std::vector<SqliteObject> missing;
  std::ranges::copy_if(these, std::back_inserter(missing),
                       [&](const SqliteObject& each) { return !known.contains(each); });
  return missing;
}

}  // namespace

bool is_virtual(const SqliteObject& object) {
  return Lexer(object.sql, Dialect::sqlite).accept({"create", "virtual"});
}

void sort_to_make(std::vector<SqliteObject>& objects) {
  std::ranges::stable_sort(objects, {}, [](const SqliteObject& each) {
    return std::tuple(each.type != "table", each.type == "trigger", !is_virtual(each));
  });
}

void change_objects(Connection& database, const std::function<std::vector<SqliteObject>()>& look,
                    const std::vector<SqliteObject>& wanted) {
  const std::vector<SqliteObject> found = look();
  if (found == wanted) return;
  SqliteSchema::set_foreign_keys(database, "0");  // else dropping a table looks for rows that refer to it
  // What depends on others goes first. With its table an index or a trigger is gone already.
  const std::vector<SqliteObject> unwanted = missing_in(wanted, found);
  for (auto each = unwanted.rbegin(); each != unwanted.rend(); ++each) {
    database.execute(fmt::format("DROP {} IF EXISTS {}", each->type, quote_identifier(each->name)));
  }
  for (const SqliteObject& each : missing_in(look(), wanted)) {
    try {
      database.execute(each.sql);
    } catch (const Error&) {
      if (!missing_in(look(), {each}).empty()) throw;  // else its virtual table has made it
    }
  }
}

SqliteSchema SqliteSchema::of(Connection& database) {
  // Rows of the same kind in the order in which they were made.
  SqliteSchema schema{.objects = read_objects(database, {fmt::format("{} ORDER BY rowid", kObjects), {}}),
                      .foreign_keys = foreign_keys_of(database)};
  sort_to_make(schema.objects);
  return schema;
}

std::vector<SqliteObject> SqliteSchema::objects_about(const std::set<std::string>& names, Connection& database) {
  Request request;
  std::vector<std::string> places;
  for (const std::string& name : names) {
    request.parameters.emplace_back(name);
    places.push_back(fmt::format("${}", places.size() + 1));
  }
  request.sql = fmt::format("{0} AND (name COLLATE nocase IN ({1}) OR tbl_name COLLATE nocase IN ({1})) ORDER BY rowid",
                            kObjects, join(places, ", "));
  std::vector<SqliteObject> objects = read_objects(database, request);
  sort_to_make(objects);
  return objects;
}

std::string SqliteSchema::foreign_keys_of(Connection& database) {
  return database.execute("PRAGMA foreign_keys").rows.at(0)[0].value_or("0");
}

void SqliteSchema::set_foreign_keys(Connection& database, const std::string& value) {
  database.execute("PRAGMA foreign_keys = " + value);
}

bool SqliteSchema::make_in(Connection& database) const {
  bool all = true;
  for (const SqliteObject& each : objects) {
    try {
      database.execute(each.sql);
    } catch (const Error&) {
      all = false;
    }
  }
  set_foreign_keys(database, foreign_keys);
  return all;
}

void SqliteSchema::return_to(Connection& database) const {
  database.rollback();
  change_objects(
      database, [&] { return of(database).objects; }, objects);
  set_foreign_keys(database, foreign_keys);
}

}  // namespace martlet
