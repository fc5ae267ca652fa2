// What martlet itself knows how to measure.
#include "base/registry.h"
#include "gate/kind.h"

namespace martlet {
namespace {

std::unique_ptr<Gauge> start(const Gate& gate) {
  const BuiltinGate* builtin = Registry<BuiltinGate>::find(gate.check);
  if (!builtin) throw Error(ErrorKind::usage, "there is no builtin gate \"" + gate.check + "\"");
  if (builtin->start) return builtin->start(gate);
  return std::make_unique<PlainGauge>(gate, builtin->read);
}

const Registered<GateKind> kKind{{
    .id = "builtin",
    .summary = "one of martlet's own checks",
    .needs = {},
    .takes = {},
    .success = "",
    .start = start,
}};

}  // namespace
}  // namespace martlet
