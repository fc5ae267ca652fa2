// A command of the team's own: its exit code is the value.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/shell.h"
#include "gate/kind.h"

namespace martlet {
namespace {

GateMeasurement read(GateWorld& world, const Gate& gate) {
  const ShellOutcome outcome =
      run_shell(gate.command, {{"MARTLET_GATE", gate.name}, {"MARTLET_RUN_ID", world.target.run_id}}, gate.timeout);
  return GateMeasurement::of(outcome.exit_code, last_line(outcome.output));
}

const Registered<GateKind> kKind{{
    .id = "exec",
    .summary = "a command; its exit code is the value",
    .needs = {"command"},
    .takes = {},
    .success = "value == 0",
    .start = [](const Gate& gate) -> std::unique_ptr<Gauge> { return std::make_unique<PlainGauge>(gate, read); },
}};

}  // namespace
}  // namespace martlet
