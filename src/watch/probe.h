// Probes: what a throttle (and a gate) reads of a server. One file in probes/ each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "db/connection.h"

namespace martlet {

/// How a probe's values, and its limit, are written.
enum class ProbeUnit { milliseconds, bytes, bytes_per_second, number };
/// "10s", "64MB", "3.5" as a value of the unit. Throws Error{usage} naming `what`.
double parse_limit(ProbeUnit unit, std::string_view text, std::string_view what);
/// "12.3 s", "64 MB", "1.5 MB/s".
std::string show_value(ProbeUnit unit, double value);

/// What probes may have to know.
struct ProbeSettings {
  std::string application;  // of the run's sessions: whom "us" means
  long cpus = 0;            // of the server; 0 = those of this machine, where the server is on it
  enum class LostReplica { say, wait } lost_replica = LostReplica::say;
  std::string hook;  // "sql:…", see throttle.hook; "" = none
  Milliseconds hook_timeout{2000};
};

struct ProbeReading {
  std::optional<double> value;  // nullopt: not known, which is not 0
  std::string about;            // whom or what the value is of, or why it is not known; "" = not yet
  std::string wait_because;     // not "": a reason to wait whatever the limit says
  std::string warning;          // to be said, and no more
};

/// A probe at work: may remember what it saw.
class ProbeRun {
 public:
  virtual ~ProbeRun() = default;
  /// Asks the primary server. Throws what the connection throws.
  virtual ProbeReading read(Connection& server) = 0;
};

struct Probe {
  std::string_view id;  // "replica_lag": `throttle.replica_lag` is its limit
  std::string_view summary;
  ProbeUnit unit = ProbeUnit::number;
  std::unique_ptr<ProbeRun> (*start)(const ProbeSettings& settings);
  bool needs_limit = true;  // false: says itself when to wait
};

/// The probe of this id, or nullptr.
const Probe* find_probe(std::string_view id);

}  // namespace martlet
