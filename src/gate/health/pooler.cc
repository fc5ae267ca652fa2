// Does a transaction pooler stand between? Session locks, SET and statements outside transactions do not survive it.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"

namespace martlet {
namespace {

HealthResult run(HealthSituation& situation) {
  const bool pooled = situation.connection().behind_pooler();
  const bool direct = !situation.target.direct_url.empty();
  if (!pooled) {
    return HealthResult::good(direct ? "migrations go past it, by direct_url" : "none stands before the server");
  }
  std::vector<std::string> details{
      "statements of one session reach different server sessions: a lock is stranded, a SET leaks to somebody else",
      "CREATE INDEX CONCURRENTLY and other statements outside a transaction are not safe through it"};
  if (direct) {
    return HealthResult::bad(ErrorKind::refused, "direct_url goes through a transaction pooler too",
                             "let direct_url name the server itself (host and port of PostgreSQL, not the pooler's)",
                             std::move(details));
  }
  return HealthResult::bad(ErrorKind::refused, "a transaction pooler stands before the server",
                           "set direct_url in martlet.toml, or MARTLET_DIRECT_URL, to the server itself",
                           std::move(details));
}

const Registered<HealthCheck> kCheck{{
    .id = "pooler",
    .summary = "no transaction pooler stands between",
    .asked_by = AskedBy::doctor,
    .topic = HealthTopic::connection,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
