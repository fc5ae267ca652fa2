// Watches a session while its statements run: whom it waits for, and who waits for it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/events.h"
#include "db/connection.h"
#include "watch/lock_budget.h"
#include "watch/lock_holder.h"
#include "watch/observer.h"
#include "watch/stall.h"

namespace martlet {

/// While a statement of the watched connection runs, looks about every 50 ms through a second connection. Says whom the
/// statement waits for, again whenever that changes: a concurrent build, which has no lock_timeout, always has a
/// name to its waiting. Cancels the statement, if the budget says so, once it has kept the application waiting for
/// longer than max_block by a lock that it holds.
class SessionWatch {
 public:
  using Say = std::function<void(const Event&)>;
  SessionWatch(Observer& observer, LockBudget budget, Say say);

  /// `application`: the session's application_name, by which it is found behind a pooler.
  void attach(Connection& watched, std::string application);
  void detach() { watched_ = nullptr; }
  /// A pooler stands before the server: the session's own number is not the server's.
  void expect_pooler() { pooled_ = true; }
  /// Called at every look, after the others; must not throw.
  void also(std::function<void()> look) { also_ = std::move(look); }

  /// An attempt begins: what was seen of an earlier one is forgotten.
  void begin_attempt();
  /// Those the statement waited for, the latest look; empty where it never waited.
  const std::vector<LockHolder>& blockers() const { return blockers_; }
  /// The lock it was last seen queueing for.
  const std::optional<WantedLock>& queued_for() const { return queued_for_; }
  /// Why the statement was cancelled by this watch; nullopt where it was not.
  const std::optional<Stall>& cancelled_for() const { return cancelled_for_; }

 private:
  using Clock = std::chrono::steady_clock;
  void look(std::chrono::milliseconds running);
  int session_of(Connection& observer) const;
  void look_for_blockers(Connection& observer, int session);
  void look_for_stall(Connection& observer, int session);

  Observer& observer_;
  LockBudget budget_;
  Say say_;
  Connection* watched_ = nullptr;
  std::string application_;
  bool pooled_ = false;
  std::function<void()> also_;
  std::vector<LockHolder> blockers_;
  std::optional<WantedLock> queued_for_;
  std::optional<Stall> cancelled_for_;
  std::optional<Clock::time_point> stalled_since_;
  bool stall_said_ = false;
};

}  // namespace martlet
