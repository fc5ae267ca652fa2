// What a SQLite database holds, as the statements that made it; to bring another one, without rows, to the same.
#pragma once

#include <compare>
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

struct SqliteSchema {
  std::vector<SqliteObject> objects;  // in an order in which they can be made: tables before what is on them
  std::string foreign_keys;           // the setting of the session: "0" or "1"

  /// The main schema of the session's database. Throws the connection's errors.
  static SqliteSchema of(Connection& database);

  /// Makes the objects in an empty database. False where some could not be made: a shadow table that its virtual table
  /// has made already, a module that is not here.
  bool make_in(Connection& database) const;

  /// Drops and makes what differs; the tables have no rows worth keeping. Ends an open transaction. Throws Error where
  /// the way there is longer than that.
  void return_to(Connection& database) const;
};

}  // namespace martlet
