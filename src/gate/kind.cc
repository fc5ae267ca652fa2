#include "gate/kind.h"

#include <fmt/format.h>

#include "base/registry.h"

namespace martlet {

GateMeasurement GateMeasurement::of(double value, std::string about) {
  return {.samples = {{.label = "", .values = {{"value", Scalar::of(value)}}}}, .about = std::move(about)};
}

GateMeasurement GateMeasurement::of(std::string value, std::string about) {
  return {.samples = {{.label = "", .values = {{"value", Scalar::of(std::move(value))}}}}, .about = std::move(about)};
}

std::unique_ptr<Gauge> start_gauge(const Gate& gate) {
  const GateKind* kind = Registry<GateKind>::find(gate.kind);
  if (!kind) throw Error(ErrorKind::internal, fmt::format("no gate of kind \"{}\" is part of this program", gate.kind));
  return kind->start(gate);
}

Gate gate_of(const BuiltinGate& builtin) {
  Gate gate{.name = std::string(builtin.id), .kind = "builtin", .check = std::string(builtin.id)};
  if (!builtin.success.empty()) gate.success = Expression::parse(builtin.success);
  if (!builtin.failure.empty()) gate.failure = Expression::parse(builtin.failure);
  return gate;
}

}  // namespace martlet
