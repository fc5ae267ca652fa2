// How busy are this machine's processors? Only where the server is on it.
#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string>

#include "base/cancel.h"
#include "base/registry.h"
#include "gate/kind.h"

namespace martlet {
namespace {

constexpr long kWindow = 250;  // ms: between two looks at counters that move a hundred times a second

struct Ticks {
  double idle = 0, all = 0;
};

// The first line of /proc/stat: user nice system idle iowait irq softirq steal; proc(5).
std::optional<Ticks> ticks() {
  std::ifstream file("/proc/stat");
  std::string line, word;
  if (!std::getline(file, line)) return std::nullopt;
  std::istringstream words(line);
  words >> word;
  Ticks found;
  double value = 0;
  for (int i = 0; i < 8 && words >> value; ++i) {
    found.all += value;
    if (i == 3 || i == 4) found.idle += value;
  }
  return found.all > 0 ? std::optional(found) : std::nullopt;
}

GateMeasurement read(GateWorld& world, const Gate&) {
  if (!world.server_is_here()) return GateMeasurement::does_not_apply("the server is on another machine");
  const auto first = ticks();
  cancel::sleep_ms(kWindow);
  const auto second = ticks();
  if (!first || !second || second->all <= first->all) return GateMeasurement::nothing("/proc/stat cannot be read");
  return GateMeasurement::of(100 * (1 - (second->idle - first->idle) / (second->all - first->all)));
}

const Registered<BuiltinGate> kGate{{
    .id = "host_cpu",
    .summary = "how busy this machine's processors are, where the server is on it",
    .value = "%",
    .success = "value < 95",
    .failure = "",
    .only = Dialect::postgres,
    .in_health = BuiltinGate::InHealth::left_out,  // busy for a moment is not ill
    .read = read,
}};

}  // namespace
}  // namespace martlet
