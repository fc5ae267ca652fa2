// What a SQLite database holds, as the statements that made it; to bring another one, without rows, to the same.
#pragma once

#include <compare>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "db/connection.h"

namespace martlet {

struct SqliteObject {
  std::string type;  // table, index, view, trigger
  std::string name;
  std::string sql;
  auto operator<=>(const SqliteObject&) const = default;
};

bool is_virtual(const SqliteObject& object);

/// Into an order in which they can be made: virtual tables, which make tables of their own, the other tables, what is
/// on them; otherwise as they are.
void sort_to_make(std::vector<SqliteObject>& objects);

/// Drops and makes what differs between what `look` finds and what is wanted; the tables have no rows worth keeping.
/// Foreign keys are off afterwards where anything differed. Throws the connection's errors.
void change_objects(Connection& database, const std::function<std::vector<SqliteObject>()>& look,
                    const std::vector<SqliteObject>& wanted);

struct SqliteSchema {
  std::vector<SqliteObject> objects;  // in an order in which they can be made
  std::string foreign_keys;           // the setting of the session: "0" or "1"

  /// The main schema of the session's database. Throws the connection's errors.
  static SqliteSchema of(Connection& database);
  /// The objects of these names (lower case), and those on the tables of these names.
  static std::vector<SqliteObject> objects_about(const std::set<std::string>& names, Connection& database);

  static std::string foreign_keys_of(Connection& database);
  static void set_foreign_keys(Connection& database, const std::string& value);

  /// Makes the objects in an empty database. False where some could not be made: a shadow table that its virtual table
  /// has made already, a module that is not here.
  bool make_in(Connection& database) const;

  /// Drops and makes what differs; the tables have no rows worth keeping. Ends an open transaction. Throws Error where
  /// the way there is longer than that.
  void return_to(Connection& database) const;
};

}  // namespace martlet
