#include "run/gate_refusal.h"

#include <fmt/format.h>

namespace martlet {

std::string verdict_line(const Gate& gate, GateMoment moment, const GateVerdict& verdict) {
  return fmt::format("{} {}: {}", gate.name, moment_words(moment), verdict.words());
}

GateRefusal::GateRefusal(const Gate& gate, GateMoment moment, const GateVerdict& verdict, GateAction what)
    : Error(ErrorKind::refused, "gate " + verdict_line(gate, moment, verdict)), action(what) {
  at(gate.place);
  if (moment == GateMoment::before) leaves("nothing was run");
  const std::string look = fmt::format("look at it with `martlet gates run {}`", gate.name);
  next(moment == GateMoment::after ? look + "; what the run did is in `martlet history`"
                                   : look + ", then run the same command again");
}

}  // namespace martlet
