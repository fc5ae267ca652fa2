// Which of the triggers of the configuration fire, and when.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alert/trigger.h"

namespace martlet {

/// One [[alert]] of the configuration, for one of its triggers.
struct AlertRule {
  const AlertTrigger* trigger = nullptr;
  Milliseconds over{0};
  std::vector<std::string> sinks;  // by name
};

/// Reads no clock: time is what the caller says. Not thread-safe.
class AlertRules {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// What fired, and for whom; who or what it is about is in the event that began it.
  struct Fired {
    const AlertRule* rule;
    Event event;
  };

  explicit AlertRules(std::vector<AlertRule> rules)
      : rules_(std::move(rules)), waiting_(rules_.size()), told_(rules_.size()) {}

  /// What fires at once. An event that begins what began already changes nothing, and what was just told is not told
  /// again with the same words: a gate that is asked every second would fill everybody's pager.
  std::vector<Fired> note(const Event& event, Time now);
  /// What fires because it has taken so long by now; each once until it ends and begins again.
  std::vector<Fired> look(Time now);
  /// When look() is to be called next; nullopt where nothing waits.
  std::optional<Time> due() const;
  const std::vector<AlertRule>& rules() const { return rules_; }

 private:
  struct Waiting {
    Event event;
    Time due;
    bool fired = false;
  };
  struct Told {
    std::string text;
    Time at;
  };
  bool is_told(std::size_t rule, const Event& event, Time now);

  std::vector<AlertRule> rules_;
  std::vector<std::optional<Waiting>> waiting_;  // by rule
  std::vector<std::optional<Told>> told_;        // likewise, of those that fire at once
};

}  // namespace martlet
