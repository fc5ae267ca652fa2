// How full is the server of sessions?
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/kind.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr std::string_view kQuestion = R"(
  SELECT count(*), current_setting('max_connections')::bigint
  FROM pg_catalog.pg_stat_activity WHERE usesysid IS NOT NULL AND datid IS NOT NULL)";

GateMeasurement read(GateWorld& world, const Gate& gate) {
  const Result found = world.ask({std::string(kQuestion), {}}, gate.timeout);
  const auto used = static_cast<double>(number_of(found.rows[0][0]));
  const auto most = static_cast<double>(number_of(found.rows[0][1]));
  return GateMeasurement::of(100 * used / most, fmt::format("{:.0f} of {:.0f}", used, most));
}

const Registered<BuiltinGate> kGate{{
    .id = "connections",
    .summary = "sessions, of max_connections",
    .value = "%",
    .success = "value < 80",
    .failure = "value >= 90",
    .only = Dialect::postgres,
    .read = read,
}};

}  // namespace
}  // namespace martlet
