// Steers a run from another terminal: says how far it is, and obeys what is wished of it at its safe points.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/events.h"
#include "history/control.h"
#include "history/ledger.h"
#include "watch/observer.h"

namespace martlet {

/// Reports and wishes meet in the control row (history/control.h), which is read and written through the observer: a
/// statement that runs for hours on the run's own connection can be watched all the while. A run that is over within a
/// moment never opens that connection. Thread-safe.
class Helm {
 public:
  using Say = std::function<void(const Event&)>;
  Helm(Observer& observer, HistoryNames names, std::string run_id, Say say);

  /// The run has the lease: from now on it is told about, and steered. Before that, all of the others do nothing.
  void start();
  /// Learns from what is told about the run.
  void note(const Event& event);
  /// Between two steps or batches, with no transaction open: returns at once, or, while the run is to pause, when it
  /// may go on. Throws Error{cancelled} where it is to end; `remains` says what is not done then.
  void safe_point(const std::function<std::string()>& remains = {});
  /// While a statement runs: reports, and asks for a cancel (base/cancel.h) where the wish is `abort now`.
  void glance() noexcept;
  /// Stands still for as long as `reason` gives one (asked about once a second), and says why. A wish to end the run
  /// ends the wait.
  void wait_while(RunPhase state, const std::function<std::string()>& reason,
                  const std::function<std::string()>& remains = {});
  /// Limits of the throttle, as they are wished now.
  std::string limits() const;
  /// The run is over: its row says so. Never throws.
  void end() noexcept;

 private:
  using Clock = std::chrono::steady_clock;
  enum class Haste { when_due, now };
  void report(Haste haste);
  void look_for_wish();
  bool is_watched() const;
  void stand(RunPhase state, const std::string& reason);
  void note_units(const Event& event);
  void nap(Clock::duration length, const std::function<std::string()>& remains);
  void obey_abort(const std::function<std::string()>& remains) const;

  Observer& observer_;
  const HistoryNames names_;
  const std::string run_id_;
  const Say say_;
  mutable std::mutex mutex_;
  RunProgress progress_;
  Wishes wished_;
  bool reported_ = false, cancelled_ = false;
  std::optional<Clock::time_point> begun_;
  Clock::time_point next_report_{}, next_heartbeat_{};
  struct {
    Clock::time_point since{};
    long long from = 0;
  } unit_rate_;  // of the statement that is running
};

}  // namespace martlet
