// The contract and finish phases of what `up` has expanded: each a command's whole course.
#pragma once

#include <string>
#include <vector>

#include "run/phases.h"
#include "run/report.h"
#include "run/settings.h"

namespace martlet {

struct LaterPhase {
  Phase phase = Phase::contract;                  // or finish
  std::string version;                            // as typed; "" = all that wait
  enum class When { due, now } when = When::due;  // finish: not before the wait is over, or at once
};

/// Runs the phase of one migration, or of all of which it is next, after finishing what a crash left. Contract: looks
/// first whether anything still uses what it takes away (run/use.h). Finish: of all, those that are due. Throws
/// Error{refused} where the migration is not in that phase or, finish of one, not due; Error{validation} where it was
/// never expanded.
[[nodiscard]] RunReport run_later_phase(const RunSettings& settings, const LaterPhase& wanted);

/// What a contract would meet, and nothing else: for each that waits, what still uses it.
struct PhaseLook {
  WaitingPhase waiting;  // its entry is not to be looked at any more
  std::string label, name;
  UseFound found;
};
[[nodiscard]] std::vector<PhaseLook> look_at_phase(const RunSettings& settings, const LaterPhase& wanted);

}  // namespace martlet
