// An expression with columns is deparsed with the help of its relation, which the server locks ACCESS SHARE for that
// (ruleutils.c, set_relation_column_names). Lint must not hang behind a migration that runs, and not make others queue.
#include <fmt/format.h>

#include <algorithm>

#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {

std::string Reading::readable(std::string_view relation_sql) const {
  if (expressions == Expressions::none) return "false";
  return locked.empty() ? "true" : fmt::format("{} NOT IN ({})", relation_sql, fmt::join(locked, ", "));
}

std::string Reading::readable_query(std::string_view catalog_name, std::string_view id_sql) const {
  if (expressions == Expressions::none) return "false";
  if (locked.empty()) return "true";
  return fmt::format(
      "NOT EXISTS (SELECT FROM pg_depend WHERE classid = '{}'::regclass AND objid = {} AND "
      "refclassid = 'pg_class'::regclass AND refobjid IN ({}))",
      catalog_name, id_sql, fmt::join(locked, ", "));
}

void read_locks(Reading& reading) {
  reading.each(
      "SELECT relation FROM pg_locks WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock' AND relation >= "
      "16384 "
      "AND pid <> pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      [&](const CopiedRow& row) { reading.locked.push_back(row.id(0)); });
}

}  // namespace martlet
