// Is this a server that martlet knows?
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"

namespace martlet {
namespace {

constexpr int kOldestPostgres = 13;
constexpr int kNewestPostgres = 18;       // the newest that existed when this was written
constexpr int kGrammar = 15;              // libpg_query's
constexpr int kOldestSqlite = 3'035'000;  // RETURNING and ALTER TABLE … DROP COLUMN

HealthResult judge_postgres(int major) {
  if (major < kOldestPostgres) {
    return HealthResult::bad(ErrorKind::refused, fmt::format("PostgreSQL {} is too old", major),
                             fmt::format("upgrade the server to {} or newer", kOldestPostgres));
  }
  if (major > kNewestPostgres) {
    return HealthResult::warning(fmt::format("PostgreSQL {} is newer than this martlet", major),
                                 "look for a newer martlet; try the migrations with `martlet test` first");
  }
  std::vector<std::string> details;
  if (major > kGrammar) {
    details.push_back(
        fmt::format("statements with syntax newer than PostgreSQL {} run, but are not analysed before", kGrammar));
  }
  return HealthResult::good(fmt::format("PostgreSQL {} is supported", major), std::move(details));
}

HealthResult judge_sqlite(int version) {
  if (version >= kOldestSqlite) return HealthResult::good("this SQLite is supported");
  return HealthResult::bad(ErrorKind::refused, "this SQLite library is older than 3.35",
                           "install a newer libsqlite3 on this machine");
}

HealthResult run(HealthSituation& situation) {
  const int version = situation.connection().version();
  return situation.names.dialect == Dialect::postgres ? judge_postgres(version / 10000) : judge_sqlite(version);
}

const Registered<HealthCheck> kCheck{{
    .id = "server-version",
    .summary = "the server's version is supported",
    .asked_by = AskedBy::doctor,
    .run = run,
}};

}  // namespace
}  // namespace martlet
