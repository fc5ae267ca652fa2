// The first column of each row is a value; the second, where there is one, says of what.
#include "base/registry.h"
#include "gate/kind.h"
#include "history/values.h"

namespace martlet {
namespace {

GateMeasurement read(GateWorld& world, const Gate& gate) {
  Result found;
  if (gate.url.empty()) {
    found = world.ask({gate.query, {}}, gate.timeout);
  } else {
    const auto other = open_connection(
        Url::parse(gate.url), {.application_name = "martlet gate", .settings = {}, .connect_timeout = gate.timeout});
    found = GateWorld::ask_of(*other, {gate.query, {}}, gate.timeout);
  }
  GateMeasurement measured;
  for (const Row& row : found.rows) {
    if (row.empty() || !row[0]) continue;
    measured.samples.push_back(
        {.label = row.size() > 1 ? text_of(row[1]) : "", .values = {{"value", Scalar::of(*row[0])}}});
  }
  if (measured.samples.empty()) measured.about = found.rows.empty() ? "the query has no row" : "the value is NULL";
  return measured;
}

const Registered<GateKind> kKind{{
    .id = "sql",
    .summary = "a query of the database, or of another one",
    .needs = {"query"},
    .takes = {"url"},
    .success = "",
    .start = [](const Gate& gate) -> std::unique_ptr<Gauge> { return std::make_unique<PlainGauge>(gate, read); },
}};

}  // namespace
}  // namespace martlet
