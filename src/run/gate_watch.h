// Gates during a run: measured in a thread of their own, obeyed at the run's safe points.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/events.h"
#include "gate/trial.h"

namespace martlet {

class GateWatch {
 public:
  using Say = std::function<void(const Event&)>;
  /// Begins to measure, each gate at its interval, through a session of the thread's own. `say` is called from that
  /// thread, when a gate begins to fail and when it passes again.
  GateWatch(std::vector<Gate> gates, GateTarget target, Say say);
  /// Ends the thread once the measurement that is under way has ended.
  ~GateWatch();
  GateWatch(const GateWatch&) = delete;
  GateWatch& operator=(const GateWatch&) = delete;

  /// At a safe point: why the run is to stand still, "" = it may go on. Throws GateRefusal where it is to end.
  std::string reason();
  /// Ends the thread; what each gate measured in all.
  std::vector<std::pair<Gate, GateVerdict>> stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    GateTrial trial;
    Clock::time_point due{};
    GateVerdict verdict{.state = GateState::pass};  // of now; its measurements and failures are of the whole run
    long failures_in_a_row = 0;
    Clock::time_point standing_since{};  // since when it is not passed
  };
  void watch();
  void measure(Entry& entry, GateWorld& world);
  void note(Entry& entry, const Judgement& judged);

  const GateTarget target_;
  const Say say_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace martlet
