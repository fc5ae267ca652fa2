// Brings alerts to one sink, from a thread of its own: a run never waits for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "alert/sink.h"

namespace martlet {

struct DeliveryTerms {
  std::size_t queue = 100;        // alerts that wait; where there are more, the oldest is given up
  Milliseconds attempt{10'000};   // how long one attempt may take
  Milliseconds first_pause{500};  // before the second attempt; then twice as long each time
  Milliseconds longest_pause{30'000};
  Milliseconds give_up{10 * 60'000};  // from the first attempt on
};

class Delivery {
 public:
  using Clock = std::chrono::steady_clock;
  Delivery(std::string name, std::shared_ptr<Sink> sink, DeliveryTerms terms);
  /// Ends what is being tried; what was not delivered is lost.
  ~Delivery();
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  /// Never waits.
  void put(Alert alert);
  /// Waits until everything is delivered or given up, at most until then. False where something is left.
  bool wait_until(Clock::time_point then);
  /// Why alerts were not delivered, since it was asked last: "sink ops: 2 alerts were not delivered: …".
  std::vector<std::string> take_failures();
  /// What take_failures() does not know yet: the reason of the last attempt, "" where none failed.
  std::string trouble() const;
  const std::string& name() const { return name_; }

 private:
  void work();
  void deliver(const Alert& alert);
  bool attempt(const Alert& alert, bool& again);
  bool pause(Milliseconds length);
  void fail(const std::string& why);

  const std::string name_;
  const std::shared_ptr<Sink> sink_;
  const DeliveryTerms terms_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Alert> queue_;
  std::vector<std::string> failures_;
  std::string trouble_;
  bool busy_ = false, stopped_ = false;
  std::thread thread_;  // from the first alert on
};

}  // namespace martlet
