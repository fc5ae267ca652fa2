// How long does a COMMIT take now, as a client sees it? A logical message is the smallest thing that has to be flushed:
// it needs no table, and nobody reads it.
#include <chrono>

#include "base/registry.h"
#include "watch/probe.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

class CommitLatency : public ProbeRun {
 public:
  ProbeReading read(Connection& server) override {
    Transaction transaction(server);
    server.execute("SET LOCAL synchronous_commit = on");
    server.execute("SELECT pg_catalog.pg_logical_emit_message(true, 'martlet', '')");
    const auto begun = Clock::now();
    transaction.commit();
    return {.value = std::chrono::duration<double, std::milli>(Clock::now() - begun).count(), .about = "a commit"};
  }
};

const Registered<Probe> kProbe{{
    .id = "commit_latency",
    .summary = "how long a small commit takes",
    .unit = ProbeUnit::milliseconds,
    .start = [](const ProbeSettings&) -> std::unique_ptr<ProbeRun> { return std::make_unique<CommitLatency>(); },
}};

}  // namespace
}  // namespace martlet
