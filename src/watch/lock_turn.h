// Looks before queueing: when an attempt to take locks may be made, and how long it may queue.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/events.h"
#include "db/connection.h"
#include "watch/lock_budget.h"
#include "watch/lock_holder.h"

namespace martlet {

/// The attempts at one transaction. An attempt that queues behind a session that works for minutes makes everybody
/// after it wait, too; so before each attempt the turn looks who has what will be wanted. Where that is somebody whose
/// transaction is older than the budget's `wait`, it does not queue: it says who that is, waits and looks again. Who is
/// younger is about to end, and queueing behind them for `wait` is fair. What is wanted is told beforehand, or learned
/// from the attempt that failed.
class LockTurn {
 public:
  struct Hooks {
    std::function<void(const Event&)> say;
    /// Called between two looks and between two attempts, with nothing open; may throw to end the turn.
    std::function<void()> meanwhile;
    /// Commits the record of a session that is about to be ended; empty = nobody may be ended.
    std::function<void(const LockHolder&)> record_kill;
  };
  LockTurn(LockBudget budget, std::vector<WantedLock> wanted, Hooks hooks);

  /// Returns when the next attempt may be made, or nullopt once the deadline has passed. No transaction may be open.
  /// Asks nothing where nothing is wanted. Throws Error{cancelled}, and what the connection throws.
  std::optional<LockTerms> next(Connection& connection);
  /// A lock that an attempt was seen to queue for.
  void learn(WantedLock lock);
  /// After an attempt that failed: pauses with jitter, a little longer each time; false where that would pass the
  /// deadline.
  bool pause_after_failure();

  /// Who stood in the way at the last look; empty where nobody did.
  const std::vector<LockHolder>& in_the_way() const { return in_the_way_; }
  long attempts() const { return attempts_; }

 private:
  using Clock = std::chrono::steady_clock;
  std::vector<LockHolder> old_ones(std::vector<LockHolder> holders);
  std::optional<LockTerms> terms_with_autovacuum(Connection& connection);
  void tell();
  void kill_if_due(Connection& connection);
  void kill(Connection& connection, const LockHolder& holder);

  LockBudget budget_;
  std::vector<WantedLock> wanted_;
  Hooks hooks_;
  Clock::time_point begun_ = Clock::now();
  long attempts_ = 0;
  long pause_ms_;
  std::vector<LockHolder> in_the_way_;
  std::set<int> said_;
  std::map<std::string, Clock::time_point> first_seen_;  // of transactions whose age may not be seen
  std::set<int> autovacuum_tried_;
  std::set<std::string> killed_;  // virtual transaction ids
};

}  // namespace martlet
