// A gate: what is measured, what passes, and what happens to a run where it does not.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "gate/expression.h"

namespace martlet {

class Config;

/// Inconclusive is not success: nothing could be measured, or what was measured decides nothing.
enum class GateState { pass, fail, inconclusive };
/// "passed", "failed", "inconclusive".
std::string_view gate_word(GateState state);

enum class GateMoment { before, during, after };
/// "before the run", "during the run", "after the run".
std::string_view moment_words(GateMoment moment);

/// pause: the run waits, and the gate is measured again until it passes. abort: the run ends at its next safe point;
/// what is done stays. rollback: it ends, and what it has applied is taken back.
enum class GateAction { pause, abort, rollback };
std::string_view action_word(GateAction action);

struct Gate {
  std::string name;
  std::string kind;   // of Registered<GateKind>
  std::string check;  // of Registered<BuiltinGate>, for kind "builtin"
  std::string query, url, header, json, command, table, index;
  std::optional<Expression> success, failure;
  std::set<GateMoment> when;
  Milliseconds interval{10'000}, timeout{10'000}, pause_limit{900'000}, watch_after{0};
  long count = 1;
  long failure_limit = 0;  // failed measurements that are put up with
  long error_limit = 3;    // measurements in a row that may come to nothing
  GateAction on_failure = GateAction::abort, on_inconclusive = GateAction::pause;
  GateState no_data = GateState::inconclusive;
  Place place;  // of its table in martlet.toml

  GateAction action_on(GateState state) const { return state == GateState::fail ? on_failure : on_inconclusive; }
};

/// The configuration's [[gate]] tables. Throws Error{usage} at file:line for one that cannot mean anything: without a
/// name or with one that another has, without what its kind needs, with an expression that cannot be read.
std::vector<Gate> read_gates(const Config& config);

}  // namespace martlet
