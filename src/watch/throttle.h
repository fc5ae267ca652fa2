// Keeps a run from going faster than the server can bear.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/events.h"
#include "watch/observer.h"
#include "watch/probe.h"

namespace martlet {

struct ThrottleSettings {
  std::map<std::string, std::string> limits;  // by the probe's id, as written; "" and "off" = none
  ProbeSettings probes;
};

/// Limits written one after the other, as `run throttle` takes them: "replica_lag=5s wal_rate=off". Throws Error{usage}
/// for an unknown probe, naming the nearest, and for what is no limit.
std::map<std::string, std::string> parse_limits(const std::string& text);

/// Asks the probes that have a limit, at most once a second. Recovers by itself: there is a reason to wait for as long
/// as the probes say so. Used by one thread at a time.
class Throttle {
 public:
  /// Throws Error{usage} for what is no limit.
  Throttle(ThrottleSettings settings, Observer& observer, std::function<void(const Event&)> say);

  /// Why to wait, "" = go on. `wished`: limits that win over the settings'. A value that is not known is no reason to
  /// wait; that it is not known is said, once. PostgreSQL only: "" for everything else.
  std::string reason(const std::string& wished);

 private:
  struct Watched {
    const Probe* probe;
    std::unique_ptr<ProbeRun> run;
    std::string limit_text;
    double limit = 0;
  };
  void watch(const std::map<std::string, std::string>& limits);
  std::string judge(const Watched& watched, const ProbeReading& reading);
  void say_once(const std::string& text);

  const ThrottleSettings settings_;
  Observer& observer_;
  const std::function<void(const Event&)> say_;
  std::string wished_;
  std::vector<Watched> watched_;
  std::chrono::steady_clock::time_point next_look_{};
  std::string reason_;
  std::set<std::string> said_;
};

}  // namespace martlet
