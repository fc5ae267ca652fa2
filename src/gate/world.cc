#include "gate/world.h"

#include <fmt/format.h>

#include "history/values.h"

namespace martlet {

Connection& GateWorld::connection() {
  if (!connection_) {
    const HealthTarget& health = target.health;
    const Url& url = health.direct_url.empty() ? health.url : health.direct_url;
    connection_ = open_connection(url, {.application_name = "martlet gate"});
  }
  return *connection_;
}

Result GateWorld::ask(const Request& question, Milliseconds limit) {
  try {
    return ask_of(connection(), question, limit);
  } catch (const ConnectionLost&) {
    disconnect();
    throw;
  }
}

Result GateWorld::ask_of(Connection& connection, const Request& question, Milliseconds limit) {
  if (connection.dialect() == Dialect::sqlite) {
    connection.execute("PRAGMA query_only = on");
    return connection.execute(question);
  }
  try {
    connection.execute("BEGIN READ ONLY");
    connection.execute(fmt::format("SET LOCAL statement_timeout = {}", limit.count()));
    Result result = connection.execute(question);
    connection.rollback();
    return result;
  } catch (...) {
    connection.rollback();
    throw;
  }
}

bool GateWorld::server_is_here() {
  if (dialect() == Dialect::sqlite) return true;
  const Result found = connection().execute(
      "SELECT inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1'");
  return truth_of(found.rows.at(0).at(0));
}

}  // namespace martlet
