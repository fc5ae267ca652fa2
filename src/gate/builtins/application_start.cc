// Does the application start on the changed database? Asked by HTTP or by a command, again and again for as long as the
// gate's timeout allows: an application needs a while.
#include <fmt/format.h>

#include <chrono>

#include "base/cancel.h"
#include "base/registry.h"
#include "base/shell.h"
#include "gate/kind.h"
#include "gate/web.h"

namespace martlet {
namespace {

constexpr long kBetweenTries = 500;
constexpr Milliseconds kOneTry{5000};

struct Try {
  bool started = false;
  std::string about;
};

Try by_http(const Gate& gate) {
  try {
    const TimedResponse answer = fetch(gate, gate.url);
    return {answer.response.ok(), fmt::format("status {}", answer.response.status)};
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled || error.kind == ErrorKind::usage) throw;
    return {false, error.message};
  }
}

Try by_command(const GateWorld& world, const Gate& gate) {
  const ShellOutcome outcome =
      run_shell(gate.command, {{"MARTLET_GATE", gate.name}, {"MARTLET_RUN_ID", world.target.run_id}}, gate.timeout);
  return {outcome.exit_code == 0, fmt::format("exit code {}", outcome.exit_code)};
}

GateMeasurement read(GateWorld& world, const Gate& gate) {
  if (gate.url.empty() == gate.command.empty()) {
    throw Error(ErrorKind::usage, "application_start needs either `url` or `command`");
  }
  Gate one_try = gate;
  one_try.timeout = std::min(gate.timeout, kOneTry);
  const auto deadline = std::chrono::steady_clock::now() + gate.timeout;
  for (;;) {
    const Try outcome = gate.url.empty() ? by_command(world, gate) : by_http(one_try);
    if (outcome.started) return GateMeasurement::of(1, outcome.about);
    if (std::chrono::steady_clock::now() + Milliseconds(kBetweenTries) > deadline) {
      return GateMeasurement::of(0, fmt::format("not within {}: {}", show_duration(gate.timeout), outcome.about));
    }
    cancel::sleep_ms(kBetweenTries);
  }
}

const Registered<BuiltinGate> kGate{{
    .id = "application_start",
    .summary = "the application answers at `url`, or `command` succeeds, within `timeout`",
    .value = "1 where it does",
    .success = "value == 1",
    .failure = "",
    .takes = {"url", "command", "header"},
    .in_health = BuiltinGate::InHealth::left_out,
    .read = read,
}};

}  // namespace
}  // namespace martlet
