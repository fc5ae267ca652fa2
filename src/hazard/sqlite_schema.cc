#include "hazard/sqlite_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sql/statement.h"

namespace martlet {
namespace {

// Tables before what is on them; rows of the same kind in the order in which they were made.
constexpr std::string_view kObjects =
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "ORDER BY type <> 'table', type = 'trigger', rowid";

void set_foreign_keys(Connection& database, const std::string& value) {
  database.execute("PRAGMA foreign_keys = " + value);
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

SqliteSchema SqliteSchema::of(Connection& database) {
  SqliteSchema schema;
  database.each_row({std::string(kObjects), {}}, [&](Row&& row) {
    schema.objects.push_back({row[0].value_or(""), row[1].value_or(""), std::move(row[2]).value_or("")});
  });
  schema.foreign_keys = database.execute("PRAGMA foreign_keys").rows.at(0)[0].value_or("0");
  return schema;
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
  const SqliteSchema found = of(database);
  if (found.objects != objects) {
    set_foreign_keys(database, "0");  // else dropping a table looks for rows that refer to it
    // What depends on others goes first. With its table an index or a trigger is gone already.
    const std::vector<SqliteObject> unwanted = missing_in(objects, found.objects);
    for (auto each = unwanted.rbegin(); each != unwanted.rend(); ++each) {
      database.execute(fmt::format("DROP {} IF EXISTS {}", each->type, quote_identifier(each->name)));
    }
    for (const SqliteObject& each : missing_in(of(database).objects, objects)) database.execute(each.sql);
  }
  set_foreign_keys(database, foreign_keys);
}

}  // namespace martlet
