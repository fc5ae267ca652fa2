// What statements do to a SQLite schema for a while, to be undone.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "db/connection.h"
#include "hazard/sqlite_schema.h"
#include "sql/statement.h"

namespace martlet {

/// Remembers of a schema only what statements are about to touch: a schema of a thousand tables is not read anew for
/// each part that drops one of them. ALTER TABLE may rewrite anything, so the whole schema is read before the first.
class SqliteExcursion {
 public:
  /// Begins now.
  explicit SqliteExcursion(Connection& database);

  /// To be called before each statement that changes the schema.
  void before(const Statement& statement);

  /// Drops and makes what differs; the tables have no rows worth keeping. Ends an open transaction. Throws Error where
  /// the way back is longer than that.
  void undo();

  /// The schema as it was; what `undo` could not restore can be made anew from it.
  SqliteSchema schema_before() const;

 private:
  void touch(const std::string& name);

  Connection& database_;
  std::string foreign_keys_;
  std::set<std::string> touched_;  // names, lower case
  std::vector<SqliteObject> was_;  // what of that name was there, and what was on it
  std::optional<SqliteSchema> whole_;
};

}  // namespace martlet
