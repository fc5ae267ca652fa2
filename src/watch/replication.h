// The standbys of a server, as the server itself sees them.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "db/connection.h"

namespace martlet {

struct Standby {
  std::string name;                    // its application_name and address
  std::optional<long long> bytes;      // that it has not replayed yet; nullopt: it does not say, which is not 0
  std::optional<double> milliseconds;  // how long ago the oldest of those was written
};

/// pg_stat_replication.replay_lag cannot be trusted: it showed 3 ms under a delay of 3 s, and it is NULL on an idle
/// server. The log itself is a better heartbeat, and needs no table: each look remembers when the server's log had
/// reached which position, and a standby is as far behind as the first position that it has not replayed is old. Good
/// to the time between two looks.
class Replication {
 public:
  /// Every standby that is connected now.
  std::vector<Standby> look(Connection& server);
  /// Those that were connected at an earlier look and are not at the latest.
  std::vector<std::string> lost() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Mark {
    Clock::time_point at;
    long long position;
  };
  double behind(long long replayed, Clock::time_point now) const;

  std::deque<Mark> marks_;
  std::set<std::string> seen_, connected_;
};

}  // namespace martlet
