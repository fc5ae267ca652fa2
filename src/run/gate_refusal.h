// A gate said no.
#pragma once

#include "gate/trial.h"

namespace martlet {

/// Error{refused} (exit code 9) of a gate that failed or could not decide, and what is to be done about the run.
struct GateRefusal : Error {
  GateRefusal(const Gate& gate, GateMoment moment, const GateVerdict& verdict, GateAction what);
  GateAction action;
};

/// "p95 after the run: failed (value 1200)", as it is told and recorded.
std::string verdict_line(const Gate& gate, GateMoment moment, const GateVerdict& verdict);

}  // namespace martlet
