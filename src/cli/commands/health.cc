#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/cancel.h"
#include "base/registry.h"
#include "base/text.h"
#include "cli/gate_view.h"
#include "cli/output.h"
#include "cli/safeguards.h"
#include "cli/target.h"
#include "history/time.h"

namespace martlet {
namespace {

constexpr std::string_view kConnectivity = "connectivity";

// The configured gates, and of the builtins that are asked anyway those that no configured gate stands for.
std::vector<Gate> asked_gates(const Config& config) {
  const std::vector<Gate> configured = read_gates(config);
  std::vector<Gate> gates{gate_of(*Registry<BuiltinGate>::find(kConnectivity))};
  for (const BuiltinGate* builtin : Registry<BuiltinGate>::all()) {
    const bool fits = !builtin->only || *builtin->only == target_dialect(config);
    const bool replaced = std::ranges::find(configured, builtin->id, &Gate::check) != configured.end();
    const bool asked = builtin->in_health == BuiltinGate::InHealth::asked && builtin->id != kConnectivity;
    if (fits && asked && !replaced) gates.push_back(gate_of(*builtin));
  }
  for (const Gate& gate : configured) {
    if (gate.check != kConnectivity) gates.push_back(gate);
  }
  return gates;
}

// One look at everything. What remembers (replica_lag) goes on from look to look.
class Examination {
 public:
  explicit Examination(Context& context) : context_(context), world_(gate_target(context.config)) {
    for (const Gate& gate : asked_gates(context.config)) trials_.push_back(std::make_unique<GateTrial>(gate));
  }

  int look() {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    std::vector<std::vector<Cell>> rows;
    bool healthy = true, connected = true;
    for (const auto& trial : trials_) {
      const bool wants_session = trial->gate.kind == "builtin" || trial->gate.kind == "sql";
      const GateVerdict verdict =
          connected || !wants_session ? judged(*trial) : GateVerdict{.text = "no connection", .applies = false};
      if (trial->gate.check == kConnectivity) connected = verdict.state == GateState::pass;
      healthy = healthy && (verdict.state == GateState::pass || !verdict.applies);
      json.push_back(verdict_json(trial->gate.name, verdict));
      rows.push_back(verdict_cells(trial->gate.name, verdict));
    }
    const int code = !connected ? exit_code(ErrorKind::connection) : healthy ? 0 : exit_code(ErrorKind::refused);
    show(std::move(json), rows, code);
    return code;
  }

 private:
  GateVerdict judged(GateTrial& trial) {
    const Judgement judgement = trial.look(world_);
    return {.state = judgement.state, .text = judgement.text, .measurements = 1, .applies = judgement.applies};
  }

  void show(nlohmann::ordered_json checks, const std::vector<std::vector<Cell>>& rows, int code) {
    Output& output = context_.output;
    const bool watching = context_.arguments.has("watch");
    if (watching && output.options().json) {
      return output.record({{"at", utc_now()}, {"healthy", code == 0}, {"checks", std::move(checks)}});
    }
    output.json()["healthy"] = code == 0;
    output.json()["checks"] = std::move(checks);
    if (watching) output.line(utc_now(), Style::dim);
    output.table({}, rows);
    output.line(code == 0 ? "healthy" : "not healthy", code == 0 ? Style::good : Style::bad);
  }

  static std::string utc_now() {
    using namespace std::chrono;
    return iso_from_ms(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
  }

  Context& context_;
  GateWorld world_;
  std::vector<std::unique_ptr<GateTrial>> trials_;
};

int run(Context& context) {
  Examination examination(context);
  if (!context.arguments.has("watch")) return examination.look();
  const Milliseconds pause = parse_duration(context.arguments.text("watch"), "--watch");
  if (pause.count() <= 0) throw Error(ErrorKind::usage, "--watch needs a time longer than 0");
  int code = 0;
  try {
    for (;;) {
      code = examination.look();
      cancel::sleep_ms(static_cast<long>(pause.count()));
    }
  } catch (const Error& error) {
    if (error.kind != ErrorKind::cancelled) throw;
    cancel::reset();
    return code;
  }
}

const Registered<Command> kCommand{{
    .id = "health",
    .summary = "is the database well? connections, locks, replicas, log, versions, integrity, and your gates",
    .details =
        "Looks once at what gates look at: the builtin ones with their usual limits, and those of martlet.toml, whose\n"
        "limits win (docs/gates.md has them all). `unknown` is not health; `skipped` is what there is nothing of "
        "here.\n\n"
        "Exit code: 0 where all is well, 8 where there is no connection, else 9. With --watch it looks again and "
        "again\n"
        "until Ctrl-C, and leaves with the code of the last look; --json then prints one object a look.",
    .options = {{"--watch", "TIME", "look again every TIME", "", "10s"}},
    .examples = {"martlet health", "martlet health --watch", "martlet health --watch=30s --json"},
    .run = run,
    .group = "Checks",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
