// Can the database be reached, which one is it, and how far away is it?
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/version_text.h"
#include "history/values.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRoundTrips = 3;

// The shortest of a few: the first one also waits for the server to warm up.
double round_trip_ms(Connection& connection) {
  Clock::duration shortest = Clock::duration::max();
  for (int i = 0; i < kRoundTrips; ++i) {
    const auto start = Clock::now();
    connection.execute("SELECT 1");
    shortest = std::min(shortest, Clock::now() - start);
  }
  return std::chrono::duration<double, std::milli>(shortest).count();
}

// As the server sees the session; inet_server_addr is NULL over a Unix socket.
std::vector<std::string> way_there(Connection& connection) {
  if (connection.dialect() == Dialect::sqlite) return {};
  const Result found = connection.execute(
      "SELECT current_database(), current_user, coalesce(host(inet_server_addr()), 'a Unix socket'), "
      "inet_server_port(), (SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid())");
  const Row& row = found.rows.at(0);
  const std::string server = row[3] ? fmt::format("{}, port {}", text_of(row[2]), text_of(row[3])) : text_of(row[2]);
  return {fmt::format("database {} as role {} through {}{}", text_of(row[0]), text_of(row[1]), server,
                      truth_of(row[4]) ? ", encrypted" : "")};
}

HealthResult run(HealthSituation& situation) {
  situation.connect();
  Connection& connection = situation.connection();
  const double ms = round_trip_ms(connection);
  const std::string latency = ms < 0.1 ? "less than 0.1 ms" : fmt::format("{:.1f} ms", ms);
  std::vector<std::string> details{situation.run_url().shown()};
  for (std::string& line : way_there(connection)) details.push_back(std::move(line));
  return HealthResult::good(fmt::format("{}, {} a round trip", version_text(connection), latency), std::move(details));
}

const Registered<HealthCheck> kCheck{{
    .id = "connectivity",
    .summary = "the database can be reached: which server, as whom, how fast",
    .topic = HealthTopic::connection,
    .needs = HealthNeed::nothing,
    .run = run,
}};

}  // namespace
}  // namespace martlet
