#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "cli/preflight/preflight.h"

namespace martlet {
namespace {

PreflightAnswer answer(PreflightFacts& facts) {
  std::vector<std::string> watched{"blocked sessions (max_block)"};
  for (const std::string_view key : {"throttle.replica_lag", "throttle.commit_latency", "throttle.active_per_cpu"}) {
    const std::string limit = facts.config().text(key);
    if (!limit.empty() && limit != "off") watched.push_back(fmt::format("{} {}", key, limit));
  }
  return PreflightAnswer::pass(join(watched, ", "));
}

const Registered<PreflightItem> kItem{{
    .id = "10-performance_watch",
    .question = "performance is watched while it runs",
    .part = PreflightPart::during,
    .answer = answer,
}};

}  // namespace
}  // namespace martlet
