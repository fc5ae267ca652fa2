// A GET: the value is the status, or what stands at a place of the JSON answer.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/kind.h"
#include "gate/web.h"

namespace martlet {
namespace {

GateMeasurement read(GateWorld&, const Gate& gate) {
  const TimedResponse answer = fetch(gate, gate.url);
  Sample sample;
  sample.values["status"] = Scalar::of(static_cast<double>(answer.response.status));
  sample.values["ms"] = Scalar::of(answer.ms);
  sample.values["value"] = sample.values["status"];
  if (!gate.json.empty()) {
    const auto value = json_at(answer.response.body, gate.json);
    if (!value)
      return GateMeasurement::nothing(fmt::format("status {}, nothing at {}", answer.response.status, gate.json));
    sample.values["value"] = Scalar::of(*value);
  }
  return {.samples = {std::move(sample)}, .about = web_origin(gate.url)};
}

const Registered<GateKind> kKind{{
    .id = "http",
    .summary = "a GET: its `status`, how many `ms` it took, or a value in its JSON answer",
    .needs = {"url"},
    .takes = {"header", "json"},
    .success = "status >= 200 and status < 300",
    .start = [](const Gate& gate) -> std::unique_ptr<Gauge> { return std::make_unique<PlainGauge>(gate, read); },
}};

}  // namespace
}  // namespace martlet
