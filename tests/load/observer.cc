#include "tests/load/observer.h"

#include <algorithm>
#include <chrono>

namespace martlet::testing {
namespace {

// A relation lock of martlet's that is not granted, with the application queued behind it (PostgreSQL documentation,
// 54.12 pg_locks: waitstart).
constexpr std::string_view kWaiting = R"(
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - mine.waitstart) * 1000), 0)
FROM pg_locks mine JOIN pg_stat_activity a ON a.pid = mine.pid
WHERE NOT mine.granted AND mine.locktype = 'relation' AND a.application_name LIKE 'martlet%'
  AND EXISTS (SELECT 1 FROM pg_stat_activity b WHERE b.application_name = 'shop' AND mine.pid = ANY (pg_blocking_pids(b.pid))))";

// The application waits for a lock that martlet holds, while martlet's statement has been running for long.
constexpr std::string_view kHolding = R"(
SELECT a.query FROM pg_stat_activity a
WHERE a.application_name LIKE 'martlet%' AND a.state = 'active' AND a.wait_event_type IS DISTINCT FROM 'Lock'
  AND clock_timestamp() - a.query_start > interval '2 seconds'
  AND EXISTS (SELECT 1 FROM pg_stat_activity b WHERE b.application_name = 'shop' AND a.pid = ANY (pg_blocking_pids(b.pid))
              AND clock_timestamp() - b.query_start > interval '1 second')
LIMIT 1)";

}  // namespace

Observer::Observer(const Url& url) : url_(url) {
  thread_ = std::thread([this] {
    const auto connection = open_connection(url_, {.application_name = "observer"});
    while (!stopping_) {
      look(*connection);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
}

Observer::~Observer() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void Observer::look(Connection& connection) {
  const Result waiting = connection.execute(kWaiting);
  longest_wait_ms_ = std::max(longest_wait_ms_.load(), std::stod(*waiting.rows.at(0).at(0)));
  const Result holding = connection.execute(kHolding);
  if (!holding.rows.empty()) seen_.blocking_work = *holding.rows[0][0];
  ++seen_.looks;
}

Sightings Observer::sightings() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  seen_.longest_wait_ms = longest_wait_ms_;
  return seen_;
}

}  // namespace martlet::testing
