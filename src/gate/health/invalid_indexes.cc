// Indexes that a failed CREATE INDEX CONCURRENTLY left: written to at every change, read by no query.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"
#include "history/values.h"

namespace martlet {
namespace {

// An index being built now is invalid too. The progress view shows everybody the pid, but the table only to its own
// role: the lock on the table that the builder holds until the end is visible to all.
constexpr std::string_view kQuestion = R"(
  SELECT format('%I.%I', n.nspname, c.relname), i.indrelid::regclass::text, c.relkind = 'I',
         EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
                 JOIN pg_catalog.pg_locks l ON l.pid = p.pid
                 WHERE l.locktype = 'relation' AND l.relation = i.indrelid AND l.granted
                   AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'AccessExclusiveLock'))
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND n.nspname !~ '^pg_toast'
  ORDER BY 1)";

HealthResult run(HealthSituation& situation) {
  std::vector<std::string> left, notes;
  std::string first;
  for (const Row& row : situation.connection().execute(kQuestion).rows) {
    const std::string line = fmt::format("{} on {}", text_of(row[0]), text_of(row[1]));
    if (truth_of(row[3])) {
      notes.push_back(line + ": being built now");
    } else if (truth_of(row[2])) {
      notes.push_back(line + ": of a partitioned table, not every partition has its part yet");
    } else {
      if (first.empty()) first = text_of(row[0]);
      left.push_back(line);
    }
  }
  if (left.empty() && notes.empty()) return HealthResult::good("none");
  const std::size_t count = left.size();
  left.insert(left.end(), notes.begin(), notes.end());
  if (count == 0) return HealthResult::good("none left behind", shortened(std::move(left)));
  return HealthResult::bad(
      ErrorKind::drift, counted(count, "index is invalid", "indexes are invalid"),
      fmt::format(
          "`martlet resume` rebuilds those of its own runs; else DROP INDEX CONCURRENTLY {}; and create it anew",
          first),
      shortened(std::move(left)));
}

const Registered<HealthCheck> kCheck{{
    .id = "invalid-indexes",
    .summary = "no index was left invalid",
    .asked_by = AskedBy::verify,
    .topic = HealthTopic::catalog,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
