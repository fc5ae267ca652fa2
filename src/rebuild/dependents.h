// What hangs on a table of SQLite and goes with it when it is dropped, or would stop working.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"

namespace martlet {

class Dependents {
 public:
  /// Looks at what there is before the table is built anew. `table`: its name as sqlite_schema has it.
  Dependents(Connection& database, std::string table);

  /// Makes indexes and triggers again on the table that has taken the old one's name, and brings back what ANALYZE had
  /// found. Throws Error{migration_failed} where one cannot be made, naming it.
  void make_again();

  /// Throws Error{migration_failed} where an index has other columns now, a view, or a trigger of the table has stopped
  /// working, or more rows than before refer to rows that are not there.
  void check();

 private:
  struct Object {
    std::string type, name, sql;
    std::vector<Row> columns;  // of an index
  };
  std::vector<Row> index_columns(const std::string& index);
  std::vector<std::string> working_views();
  std::vector<std::string> tables_that_refer();
  std::optional<std::int64_t> violations();
  std::string first_violation();
  void check_indexes();
  void check_views();
  void check_triggers();
  void check_references();

  Connection& database_;
  std::string table_;
  std::vector<Object> objects_;
  std::vector<std::string> views_;
  bool triggers_work_ = false;
  std::vector<Row> statistics_;
  std::vector<std::string> checked_;  // the tables whose references are checked
  std::optional<std::int64_t> violations_;
};

}  // namespace martlet
