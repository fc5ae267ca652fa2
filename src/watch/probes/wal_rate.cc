// How fast does the server write its log, everybody's changes together? Measured from one look to the next.
#include <chrono>

#include "base/registry.h"
#include "history/values.h"
#include "watch/probe.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

class WalRate : public ProbeRun {
 public:
  ProbeReading read(Connection& server) override {
    const Result found =
        server.execute("SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::bigint");
    const auto now = Clock::now();
    const long long written = number_of(found.rows.at(0).at(0));
    ProbeReading reading;
    if (at_ != Clock::time_point()) {
      const double seconds = std::chrono::duration<double>(now - at_).count();
      reading = {.value = static_cast<double>(written - written_) / seconds, .about = "write-ahead log of everybody"};
    }
    at_ = now;
    written_ = written;
    return reading;
  }

 private:
  Clock::time_point at_{};
  long long written_ = 0;
};

const Registered<Probe> kProbe{{
    .id = "wal_rate",
    .summary = "how fast the server writes its log",
    .unit = ProbeUnit::bytes_per_second,
    .start = [](const ProbeSettings&) -> std::unique_ptr<ProbeRun> { return std::make_unique<WalRate>(); },
}};

}  // namespace
}  // namespace martlet
