// Does the database answer, and how fast?
#include <chrono>

#include "base/registry.h"
#include "gate/kind.h"

namespace martlet {
namespace {

// A database that does not answer is the failure that is asked for, not a measurement that came to nothing.
GateMeasurement read(GateWorld& world, const Gate& gate) {
  const auto start = std::chrono::steady_clock::now();
  world.disconnect();
  try {
    world.ask({"SELECT 1", {}}, gate.timeout);
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    return {.samples = {{.label = "", .values = {{"value", {"unreachable", 1e9}}}}}, .about = error.message};
  }
  return GateMeasurement::of(
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
}

const Registered<BuiltinGate> kGate{{
    .id = "connectivity",
    .summary = "the database accepts a session and answers",
    .value = "ms",
    .success = "value < 5000",
    .failure = "",
    .read = read,
}};

}  // namespace
}  // namespace martlet
