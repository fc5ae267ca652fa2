// How many sessions wait for a lock, of a table or of a row, that this run has?
#include <fmt/format.h>

#include "base/registry.h"
#include "history/values.h"
#include "watch/probe.h"

namespace martlet {
namespace {

constexpr std::string_view kQuestion = R"(
  WITH ours AS (SELECT pid FROM pg_catalog.pg_stat_activity WHERE application_name = $1)
  SELECT count(*), coalesce(min(w.pid), 0) FROM pg_catalog.pg_stat_activity w
  WHERE w.wait_event_type = 'Lock' AND w.datname = current_database() AND w.pid NOT IN (SELECT pid FROM ours)
    AND pg_catalog.pg_blocking_pids(w.pid) && (SELECT coalesce(array_agg(pid), '{}') FROM ours))";

class BlockedByUs : public ProbeRun {
 public:
  explicit BlockedByUs(std::string application) : application_(std::move(application)) {}
  ProbeReading read(Connection& server) override {
    const Result found = server.execute(kQuestion, {application_});
    const Row& row = found.rows.at(0);
    const long long blocked = number_of(row[0]);
    return {.value = static_cast<double>(blocked),
            .about = blocked == 0 ? "nobody waits for this run"
                                  : fmt::format("{} sessions wait for this run, one is pid {}", blocked, *row[1])};
  }

 private:
  std::string application_;
};

const Registered<Probe> kProbe{{
    .id = "blocked_by_us",
    .summary = "sessions that wait for a lock of this run",
    .unit = ProbeUnit::number,
    .start = [](const ProbeSettings& s) -> std::unique_ptr<ProbeRun> {
      return std::make_unique<BlockedByUs>(s.application);
    },
}};

}  // namespace
}  // namespace martlet
