// Looks at the server from outside while a migration runs.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "db/connection.h"

namespace martlet::testing {

/// What was seen of martlet's own sessions, by looking again and again.
struct Sightings {
  double longest_wait_ms = 0;  // of a relation lock that others were queued behind, as the server times it
  std::string blocking_work;   // a session of martlet's that scans or writes while others wait for its lock; "" = none
  long looks = 0;
};

class Observer {
 public:
  explicit Observer(const Url& url);
  ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  /// Stops looking.
  Sightings sightings();
  double longest_wait_ms() const { return longest_wait_ms_; }

 private:
  void look(Connection& connection);

  const Url url_;
  std::atomic<bool> stopping_ = false;
  Sightings seen_;
  std::atomic<double> longest_wait_ms_ = 0;
  std::thread thread_;
};

}  // namespace martlet::testing
