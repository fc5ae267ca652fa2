// Throwaway databases that a killed `test` or `--dry-run=execute` left on the server.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"
#include "scratch/scratch.h"
#include "sql/statement.h"

namespace martlet {
namespace {

bool is_in_use(Connection& connection, const std::string& name) {
  return !connection.execute("SELECT 1 FROM pg_catalog.pg_stat_activity WHERE datname = $1 LIMIT 1", {name})
              .rows.empty();
}

HealthResult run(HealthSituation& situation) {
  std::vector<std::string> left, used;
  for (const std::string& name : scratch_databases(situation.connection())) {
    if (is_in_use(situation.connection(), name)) {
      used.push_back(name + ": in use now");
    } else {
      left.push_back(name);
    }
  }
  if (left.empty()) return HealthResult::good("none left behind", used);
  const std::string next = fmt::format("if no `martlet test` is at work: DROP DATABASE {};", quote_identifier(left[0]));
  const std::string message = fmt::format("{} left behind", counted(left.size(), "database was", "databases were"));
  left.insert(left.end(), used.begin(), used.end());
  return HealthResult::warning(message, next, shortened(std::move(left)));
}

const Registered<HealthCheck> kCheck{{
    .id = "scratch-databases",
    .summary = "no throwaway database was left behind",
    .topic = HealthTopic::catalog,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
