// A SQLite schema in memory, on which statements are tried: SQLite itself says what becomes of them.
#pragma once

#include <memory>

#include "db/connection.h"
#include "effects/effects.h"
#include "sql/statement.h"

namespace martlet {

class SqliteModel {
 public:
  /// `complete`: the whole schema of a database is to be copied; otherwise what is missing may well exist.
  enum class Completeness { complete, incomplete };
  explicit SqliteModel(Completeness completeness);

  /// Makes what `source` has, without its rows; foreign keys are on where they are there. A virtual table of a module
  /// that is not here is left out.
  void copy_schema(Connection& source);

  /// What the statement would do, and take it back: its error, if it has one. Statements that read or write rows are
  /// only compiled, so that none of them can run for long.
  Effects try_out(const Statement& statement);
  /// Runs what changes the schema or the session.
  void run(const Statement& statement);

  /// The schema so far; to look at, and to try things in a savepoint.
  Connection& connection() { return *connection_; }
  SqliteModel copy();

 private:
  void take_back();

  std::unique_ptr<Connection> connection_;
  Completeness completeness_;
};

}  // namespace martlet
