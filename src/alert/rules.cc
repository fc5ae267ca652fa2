#include "alert/rules.h"

#include <algorithm>

namespace martlet {
namespace {

constexpr std::chrono::minutes kSameAgain{5};

}  // namespace

std::vector<AlertRules::Fired> AlertRules::note(const Event& event, Time now) {
  std::vector<Fired> fired = look(now);  // what was due before this event ended it
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const AlertRule& rule = rules_[i];
    const AlertTrigger& trigger = *rule.trigger;
    if (trigger.ends && trigger.ends(event)) waiting_[i].reset();
    if (!trigger.begins(event)) continue;
    if (rule.over.count() == 0 && !trigger.ends) {
      if (!is_told(i, event, now)) fired.push_back({&rule, event});
    } else if (!waiting_[i]) {
      waiting_[i] = {event, now + rule.over};
    }
  }
  const std::vector<Fired> at_once = look(now);
  fired.insert(fired.end(), at_once.begin(), at_once.end());
  return fired;
}

bool AlertRules::is_told(std::size_t rule, const Event& event, Time now) {
  std::optional<Told>& last = told_[rule];
  if (last && last->text == event.text && now < last->at + kSameAgain) return true;
  last = {event.text, now};
  return false;
}

std::vector<AlertRules::Fired> AlertRules::look(Time now) {
  std::vector<Fired> fired;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!waiting_[i] || waiting_[i]->fired || waiting_[i]->due > now) continue;
    waiting_[i]->fired = true;
    fired.push_back({&rules_[i], waiting_[i]->event});
  }
  return fired;
}

std::optional<AlertRules::Time> AlertRules::due() const {
  std::optional<Time> first;
  for (const std::optional<Waiting>& each : waiting_) {
    if (each && !each->fired && (!first || each->due < *first)) first = each->due;
  }
  return first;
}

}  // namespace martlet
