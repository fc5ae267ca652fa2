// Plug-ins: where a gate's value comes from. One file each in kinds/ and builtins/.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gate/gate.h"
#include "gate/world.h"

namespace martlet {

/// One thing that was measured: a row, a series, a pool.
struct Sample {
  std::string label;  // "" = the only one
  Variables values;
};

struct GateMeasurement {
  std::vector<Sample> samples;  // none: no data
  std::string about;            // for people: what was seen
  bool applies = true;          // false: there is nothing here to be measured, which `about` explains

  static GateMeasurement of(double value, std::string about = {});
  static GateMeasurement of(std::string value, std::string about = {});
  /// Nothing could be known; `about` says why.
  static GateMeasurement nothing(std::string about) { return {.samples = {}, .about = std::move(about)}; }
  static GateMeasurement does_not_apply(std::string about) {
    return {.samples = {}, .about = std::move(about), .applies = false};
  }
};

/// A gate at work: may remember what it saw.
class Gauge {
 public:
  virtual ~Gauge() = default;
  /// Before the run whose end is to be measured: what is to be compared with. Throws as read() does.
  virtual void prepare(GateWorld&) {}
  /// One measurement, in at most the gate's timeout. What it throws counts as a measurement that came to nothing.
  virtual GateMeasurement read(GateWorld& world) = 0;
};

/// A gauge that remembers nothing.
class PlainGauge : public Gauge {
 public:
  using Function = GateMeasurement (*)(GateWorld&, const Gate&);
  PlainGauge(const Gate& gate, Function function) : gate_(gate), function_(function) {}
  GateMeasurement read(GateWorld& world) override { return function_(world, gate_); }

 private:
  Gate gate_;
  Function function_;
};

struct GateKind {
  std::string_view id;  // "sql"
  std::string_view summary;
  std::vector<std::string_view> needs, takes;  // keys of [[gate]] of its own: without which it is nothing, and others
  std::string_view success;                    // where the gate has no expression; "" = it must have one
  std::unique_ptr<Gauge> (*start)(const Gate& gate);
};

struct BuiltinGate {
  std::string_view id;  // "blocked_sessions"
  std::string_view summary;
  std::string_view value;             // what its value is: "sessions", "ms", "%"
  std::string_view success, failure;  // where the gate says nothing else
  std::optional<Dialect> only;        // nullopt = both
  std::vector<std::string_view> needs = {}, takes = {};
  enum class InHealth { asked, left_out } in_health = InHealth::asked;    // by `martlet health`, without configuration
  GateMeasurement (*read)(GateWorld& world, const Gate& gate) = nullptr;  // or, for what remembers:
  std::unique_ptr<Gauge> (*start)(const Gate& gate) = nullptr;
};

/// The gauge of this gate. Its kind is one that exists.
std::unique_ptr<Gauge> start_gauge(const Gate& gate);

/// A gate that asks one builtin as `martlet health` does, with its own expressions.
Gate gate_of(const BuiltinGate& builtin);

}  // namespace martlet
