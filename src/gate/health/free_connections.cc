// How many more sessions may this role open? A run works with one and names blockers with a second.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/registry.h"
#include "gate/health.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr long long kWanted = 3;

// usesysid and datid are shown to everyone, backend_type only for sessions of one's own roles.
constexpr std::string_view kQuestion = R"(
  WITH client AS (SELECT usesysid, datid FROM pg_catalog.pg_stat_activity
                  WHERE usesysid IS NOT NULL AND datid IS NOT NULL
                    AND coalesce(backend_type, 'client backend') = 'client backend')
  SELECT current_setting('max_connections')::bigint,
         CASE WHEN r.rolsuper THEN 0
              ELSE current_setting('superuser_reserved_connections')::bigint
                   + coalesce(current_setting('reserved_connections', true), '0')::bigint END,
         (SELECT count(*) FROM client),
         CASE WHEN r.rolsuper THEN -1 ELSE r.rolconnlimit END,
         (SELECT count(*) FROM client WHERE usesysid = r.oid),
         CASE WHEN r.rolsuper THEN -1 ELSE d.datconnlimit END,
         (SELECT count(*) FROM client WHERE datid = d.oid)
  FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
  WHERE r.rolname = session_user AND d.datname = current_database())";

struct Limit {
  std::string name;
  long long most, used;
  long long free() const { return std::max(0LL, most - used); }
  std::string text() const { return fmt::format("{}: {} of {} used", name, used, most); }
};

std::vector<Limit> limits(const Row& row) {
  const long long most = number_of(row[0]);
  const long long reserved = number_of(row[1]);
  std::vector<Limit> all{{reserved > 0 ? fmt::format("the server, without {} reserved ones", reserved) : "the server",
                          most - reserved, number_of(row[2])}};
  if (number_of(row[3]) >= 0) all.push_back({"this role", number_of(row[3]), number_of(row[4])});
  if (number_of(row[5]) >= 0) all.push_back({"this database", number_of(row[5]), number_of(row[6])});
  return all;
}

HealthResult run(HealthSituation& situation) {
  const Result found = situation.connection().execute(kQuestion);
  const std::vector<Limit> all = limits(found.rows.at(0));
  const Limit& tightest =
      *std::min_element(all.begin(), all.end(), [](const Limit& a, const Limit& b) { return a.free() < b.free(); });
  std::vector<std::string> details;
  for (const Limit& limit : all) details.push_back(limit.text());
  const std::string message = fmt::format("{} of {} left ({})", tightest.free(), tightest.most, tightest.name);
  if (tightest.free() >= kWanted) return HealthResult::good(message, std::move(details));
  return HealthResult::warning(message, "end sessions that nobody needs, or raise max_connections or CONNECTION LIMIT",
                               std::move(details));
}

const Registered<HealthCheck> kCheck{{
    .id = "free-connections",
    .summary = "sessions are left for a run",
    .asked_by = AskedBy::doctor,
    .topic = HealthTopic::connection,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
