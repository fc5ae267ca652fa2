// How much of this machine's memory is in use? Only where the server is on it.
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <string>

#include "base/registry.h"
#include "gate/kind.h"

namespace martlet {
namespace {

GateMeasurement read(GateWorld& world, const Gate&) {
  if (!world.server_is_here()) return GateMeasurement::does_not_apply("the server is on another machine");
  std::ifstream file("/proc/meminfo");
  std::map<std::string, double> kilobytes;
  double amount = 0;
  for (std::string name, rest; file >> name >> amount; std::getline(file, rest)) kilobytes[name] = amount;
  const double total = kilobytes["MemTotal:"];
  if (total <= 0) return GateMeasurement::nothing("/proc/meminfo cannot be read");
  const double available = kilobytes["MemAvailable:"];
  return GateMeasurement::of(100 * (1 - available / total),
                             fmt::format("{:.1f} GB of {:.1f} GB left", available / 1e6, total / 1e6));
}

const Registered<BuiltinGate> kGate{{
    .id = "host_memory",
    .summary = "how much of this machine's memory is in use, where the server is on it",
    .value = "%",
    .success = "value < 95",
    .failure = "",
    .only = Dialect::postgres,
    .read = read,
}};

}  // namespace
}  // namespace martlet
