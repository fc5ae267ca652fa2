// A gate on trial: measured as often as it asks for, and judged.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gate/kind.h"

namespace martlet {

/// What one measurement means by the gate's expressions: a sample fails where `failure` holds, or where only `success`
/// is given and does not; of several the worst counts.
struct Judgement {
  GateState state = GateState::inconclusive;
  std::string text;  // "value 212", "queue orders: value 7"; why nothing is known
  bool applies = true;
};
Judgement judge(const Gate& gate, const GateMeasurement& measured);

struct GateVerdict {
  GateState state = GateState::inconclusive;
  std::string text;       // of the measurement that decided; "" = none was made
  long measurements = 0;  // that came to something
  long failures = 0;
  bool applies = true;  // false: there is nothing here to be measured

  /// "passed (value 212; 6 measurements, 1 of them failed)"
  std::string words() const;
};

/// One gate at work, in one thread.
class GateTrial {
 public:
  explicit GateTrial(Gate what);

  const Gate gate;
  /// Lets the gauge look at how things are before the run. Returns why it could not, "" where it could. Throws only
  /// Error{cancelled}.
  std::string prepare(GateWorld& world);
  /// One measurement, judged; one that came to nothing is tried again up to error_limit times, a moment apart (the
  /// gate's interval, but a second at most). Throws only Error{cancelled}.
  Judgement look(GateWorld& world);
  /// `count` measurements, `interval` apart: it fails with one more failure than failure_limit, and is inconclusive
  /// where one was. Throws only Error{cancelled}.
  GateVerdict hold(GateWorld& world);

 private:
  Judgement attempt(GateWorld& world);
  std::unique_ptr<Gauge> gauge_;
};

}  // namespace martlet
