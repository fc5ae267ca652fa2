// What `martlet verify` asks: ledger beside files, indexes, constraints, audit.
#include "gate/integrity.h"

#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "gate/kind.h"

namespace martlet {
namespace {

GateMeasurement read(GateWorld& world, const Gate&) {
  const std::vector<std::string> problems = integrity_problems(world.target.health);
  return GateMeasurement::of(static_cast<double>(problems.size()), join(problems, "; "));
}

const Registered<BuiltinGate> kGate{{
    .id = "integrity",
    .summary = "`martlet verify` finds nothing bad",
    .value = "problems",
    .success = "value == 0",
    .failure = "",
    .read = read,
}};

}  // namespace
}  // namespace martlet
