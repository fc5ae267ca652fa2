// What an alert can be about: a kind of event, or one that others do not follow in time.
#pragma once

#include <string_view>

#include "alert/alert.h"
#include "base/events.h"
#include "base/registry.h"

namespace martlet {

/// Fires when `begins` is true for an event; with `over`, so long afterwards, unless `ends` was true for another one
/// meanwhile: while whatever takes so long still goes on.
struct AlertTrigger {
  std::string_view id;    // "duration"
  std::string_view what;  // the alert's title: "migration is running for long"
  std::string_view help;
  AlertLevel level = AlertLevel::warning;
  bool (*begins)(const Event& event);
  bool (*ends)(const Event& event) = nullptr;
  Milliseconds over{0};    // the default of the rule's `over`; 0 = at once
  bool by_default = true;  // part of a rule that names no triggers
};

/// Throws Error{usage} naming the nearest where there is none of this id.
const AlertTrigger& find_trigger(std::string_view id);

}  // namespace martlet
