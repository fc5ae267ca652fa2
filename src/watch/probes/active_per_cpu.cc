// How many sessions work at the same time, for each processor of the server? One that waits for a lock does not work.
#include <fmt/format.h>

#include <thread>

#include "base/registry.h"
#include "history/values.h"
#include "watch/probe.h"

namespace martlet {
namespace {

constexpr std::string_view kQuestion = R"(
  SELECT count(*) FILTER (WHERE state = 'active' AND wait_event_type IS DISTINCT FROM 'Lock'
                            AND pid <> pg_catalog.pg_backend_pid()),
         inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1'
  FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend')";

class ActivePerCpu : public ProbeRun {
 public:
  explicit ActivePerCpu(long cpus) : cpus_(cpus) {}
  ProbeReading read(Connection& server) override {
    const Result found = server.execute(kQuestion);
    const Row& row = found.rows.at(0);
    const bool here = truth_of(row[1]);
    const long cpus = cpus_ > 0 ? cpus_ : here ? static_cast<long>(std::thread::hardware_concurrency()) : 0;
    if (cpus == 0) return {.about = "the server is on another machine: throttle.cpus says how many processors it has"};
    const long long active = number_of(row[0]);
    return {.value = static_cast<double>(active) / static_cast<double>(cpus),
            .about = fmt::format("{} active sessions on {} processors", active, cpus)};
  }

 private:
  long cpus_;
};

const Registered<Probe> kProbe{{
    .id = "active_per_cpu",
    .summary = "sessions at work for each processor of the server",
    .unit = ProbeUnit::number,
    .start = [](const ProbeSettings& s) -> std::unique_ptr<ProbeRun> { return std::make_unique<ActivePerCpu>(s.cpus); },
}};

}  // namespace
}  // namespace martlet
