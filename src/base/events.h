// What happens during a run, as data: the terminal, the log file and the audit subscribe.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace martlet {

enum class EventKind {
  run_started,
  run_finished,
  waiting_for_lease,   // text: who holds it
  waiting_for_lock,    // text: who holds it
  retrying,            // text: why, and after how long
  resuming,            // text: what a crash left
  migration_planned,   // text: its name; all of a run are planned before the first one starts
  migration_started,   // total: statements
  statement_started,   // done: index from 0
  statement_progress,  // done: rows so far, total: about how many in all (0 = not known), text: speed, time left
  statement_finished,  // done: index from 0, elapsed
  migration_finished,  // elapsed
  migration_failed,    // text: the error
  notice,              // text: what the server said
  hook,                // text: the command
  paused,              // text: why; the run goes on by itself, or ends
  going_on,            // after `paused`
  warning,
  gate_passed,         // text: "p95 after the run: passed (value 212)"
  gate_failed,         // failed or inconclusive; text: likewise
  integrity_violated,  // text: what was found after the run that was not so before
  rolled_back,         // text: what was taken back, or restored, and why
  rollback_refused,    // text: why nothing was taken back by itself, and what is offered
  backup_failed,       // text: why
  restored,            // text: what was restored, and why
  overridden,          // text: what was run in spite of what, and why
};

struct Event {
  EventKind kind;
  std::string migration;  // version or name, where there is one
  std::string id;         // Migration::id, with migration_started
  std::string text;
  std::size_t done = 0;
  std::size_t total = 0;
  std::chrono::milliseconds elapsed{0};
  Place place;
};

/// The stable word for a kind in logs and JSON, e.g. "migration_started".
std::string_view event_name(EventKind kind);

/// Hands each event to every subscriber, in the order of subscription.
class Events {
 public:
  using Subscriber = std::function<void(const Event&)>;
  void subscribe(Subscriber subscriber) { subscribers_.push_back(std::move(subscriber)); }
  void emit(const Event& event) const {
    for (const Subscriber& subscriber : subscribers_) subscriber(event);
  }

 private:
  std::vector<Subscriber> subscribers_;
};

}  // namespace martlet
