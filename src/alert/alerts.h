// Listens to what happens and tells the sinks of the configuration.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "alert/delivery.h"
#include "alert/rules.h"
#include "config/config.h"

namespace martlet {

struct NamedSink {
  std::string name;
  std::string kind;
  std::shared_ptr<Sink> sink;
  Milliseconds timeout{10'000};
};

/// What the configuration says about alerts.
struct AlertSettings {
  std::vector<NamedSink> sinks;
  std::vector<AlertRule> rules;
  std::vector<std::string> problems;  // sinks that get nothing, because a secret of theirs is not set
  Milliseconds wait{10'000};          // at the end, for what is not delivered yet
};

/// Reads [[sink]] and [[alert]]. Where there are sinks and no rules, everything that is true by default goes to all of
/// them. Throws Error{usage} at the place of what is wrong.
AlertSettings read_alerts(const Config& config);

/// Never throws at the run, never makes it wait, except at the end for at most AlertSettings::wait.
class Alerts {
 public:
  using Warn = std::function<void(const std::string&)>;
  /// `warn` is told what could not be delivered, from the threads that call note() and finish().
  Alerts(AlertSettings settings, AlertOrigin origin, Warn warn);
  ~Alerts();
  Alerts(const Alerts&) = delete;
  Alerts& operator=(const Alerts&) = delete;

  void note(const Event& event);
  /// Waits for what is on its way, until Ctrl-C, and warns of what did not arrive. `waiting` is called where that takes
  /// a moment.
  void finish(const std::function<void(const std::string&)>& waiting);

 private:
  void follow(const Event& event);
  void tell(const std::vector<AlertRules::Fired>& fired);
  Alert alert_of(const AlertRules::Fired& fired) const;
  void keep_time();
  void warn_of_failures();
  static bool is_delivered(Delivery& delivery, Delivery::Clock::time_point until);

  const AlertSettings settings_;
  const AlertOrigin origin_;
  const Warn warn_;
  std::map<std::string, std::unique_ptr<Delivery>> deliveries_;  // by sink
  std::mutex mutex_;
  std::condition_variable changed_;
  AlertRules rules_;
  std::string migration_, place_, version_;
  Alert::Time begun_;
  std::vector<Alert::Part> parts_;
  bool stopped_ = false;
  std::thread clock_;  // once there is a rule that waits
};

}  // namespace martlet
