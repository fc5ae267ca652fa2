// Do this machine and the server agree on the time? Heartbeats and ages are the server's; logs are this machine's.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "base/duration.h"
#include "base/registry.h"
#include "gate/health.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr Milliseconds kTolerated{5000};

Milliseconds since_epoch(std::chrono::system_clock::time_point when) {
  return std::chrono::duration_cast<Milliseconds>(when.time_since_epoch());
}

HealthResult run(HealthSituation& situation) {
  const Milliseconds before = since_epoch(situation.now());
  const Result answer =
      situation.connection().execute("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint");
  const Milliseconds after = since_epoch(situation.now());
  // The server read its clock somewhere between the two.
  const Milliseconds ahead = Milliseconds(number_of(answer.rows.at(0).at(0))) - (before + after) / 2;
  const Milliseconds apart(std::llabs(ahead.count()));
  if (apart <= kTolerated) return HealthResult::good(fmt::format("{} apart", show_duration(apart)));
  return HealthResult::warning(fmt::format("the server's clock is {} {} this machine's", show_duration(apart),
                                           ahead.count() > 0 ? "ahead of" : "behind"),
                               "synchronise both with a time server (NTP)");
}

const Registered<HealthCheck> kCheck{{
    .id = "clock",
    .summary = "this machine's clock and the server's agree to 5 seconds",
    .asked_by = AskedBy::doctor,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
