// A SQLite schema in memory, on which statements run: SQLite itself says what becomes of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "effects/effects.h"
#include "hazard/sqlite_excursion.h"
#include "rebuild/table_change.h"
#include "sql/statement.h"

namespace martlet {

/// Statements run once, for good: taking one back would make SQLite read its whole schema anew, each time.
class SqliteModel {
 public:
  /// `complete`: the whole schema of a database is to be copied; otherwise what is missing may well exist.
  enum class Completeness { complete, incomplete };
  explicit SqliteModel(Completeness completeness);

  /// Makes what `source` has, without its rows; foreign keys are on where they are there. A virtual table of a module
  /// that is not here is left out.
  void copy_schema(Connection& source);

  /// Runs what changes the schema or the session, and says what error it has; an ALTER TABLE that SQLite does not have
  /// as a run does it, by building the table anew. Statements that read or write rows are only compiled, so that none
  /// of them can run for long; those that touch files are left out.
  Effects execute(const Statement& statement);

  /// The schema so far, the last statement included; to look at.
  Connection& connection() const { return *connection_; }
  /// Views that worked before the last statement, a DROP TABLE, and do not work any more.
  const std::vector<std::string>& broken_views() const { return broken_views_; }

  /// The last statement is done by building its table anew.
  bool built_anew() const { return built_anew_; }

  /// What SQLite says to `ALTER TABLE t <change>` where t has a row, and no foreign key, check or trigger of its own;
  /// "" = nothing. `change` begins with ADD.
  const std::string& error_with_rows(const std::string& change);

  /// What is executed from now on is taken back by return_to_mark().
  void mark();
  void return_to_mark();

 private:
  Effects execute_on_schema(const Statement& statement);
  Effects run(const Statement& statement, const std::function<void()>& work) const;
  void build_anew(const TableChange& change) const;

  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Connection> trial_;                              // one table with one row
  std::optional<std::pair<std::string, std::string>> last_trial_;  // change and error: several hazards ask
  Completeness completeness_;
  std::vector<std::string> broken_views_;
  bool built_anew_ = false;
  std::optional<SqliteExcursion> excursion_;  // since mark()
};

}  // namespace martlet
