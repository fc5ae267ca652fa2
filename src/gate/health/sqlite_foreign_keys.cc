// Rows whose parent is missing: SQLite checks foreign keys only in sessions that ask for it.
#include <fmt/format.h>

#include <map>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"
#include "history/values.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  // Columns: table, rowid, parent table, number of the key.
  std::map<std::pair<std::string, std::string>, std::size_t> orphans;
  std::size_t count = 0;
  for (const Row& row : situation.connection().execute("PRAGMA foreign_key_check").rows) {
    ++orphans[{text_of(row.at(0)), text_of(row.at(2))}];
    ++count;
  }
  if (count == 0) return HealthResult::good("every reference has its row");
  std::vector<std::string> details;
  for (const auto& [tables, rows] : orphans) {
    details.push_back(
        fmt::format("{} of {} without a row in {}", counted(rows, "row", "rows"), tables.first, tables.second));
  }
  return HealthResult::bad(ErrorKind::drift, counted(count, "row refers to nothing", "rows refer to nothing"),
                           "see them with PRAGMA foreign_key_check; put them right in a migration",
                           shortened(std::move(details)));
}

const Registered<HealthCheck> kCheck{{
    .id = "sqlite-foreign-keys",
    .summary = "every reference has its row",
    .asked_by = AskedBy::verify,
    .topic = HealthTopic::catalog,
    .only = Dialect::sqlite,
    .run = run,
}};

}  // namespace
}  // namespace martlet
