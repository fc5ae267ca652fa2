#include "watch/lock_turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/cancel.h"

namespace martlet {
namespace {

constexpr long kFirstPause = 50;
constexpr long kLongestPause = 2000;
// Looking costs nobody anything: the lock is to be ours soon after it is free.
constexpr long kBetweenLooks = 100;
// How long autovacuum takes to go once it is cancelled.
constexpr Milliseconds kAutovacuumLeaves{200};

// Jitter keeps two runners, or a runner and a periodic job, from meeting again and again.
long jittered(long pause) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_int_distribution<long>(pause / 2, pause)(random);
}

struct DeadlockTimeout {
  Milliseconds value;
  bool may_be_set = false;
};

DeadlockTimeout read_deadlock_timeout(Connection& connection) {
  const char* may_set = connection.version() >= 150000
                            ? "has_parameter_privilege('deadlock_timeout', 'SET')"
                            : "(SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)";
  const Result found = connection.execute(
      fmt::format("SELECT setting, {} FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'", may_set));
  const Row& row = found.rows.at(0);
  return {Milliseconds(std::stoll(*row[0])), row[1] == "t"};
}

bool may_be_ended(const LockHolder& holder) {
  const bool client =
      holder.backend_type.empty() || holder.backend_type == "client backend";  // "" = hidden from this role
  return holder.pid != 0 && holder.place == LockHolder::Place::holds && client &&
         !holder.application.starts_with("martlet");
}

}  // namespace

LockTurn::LockTurn(LockBudget budget, std::vector<WantedLock> wanted, Hooks hooks)
    : budget_(budget), wanted_(std::move(wanted)), hooks_(std::move(hooks)), pause_ms_(kFirstPause) {}

std::optional<LockTerms> LockTurn::next(Connection& connection) {
  for (;;) {
    in_the_way_ = old_ones(holders_in_the_way(connection, wanted_, connection.backend_pid()));
    std::optional<LockTerms> terms;
    if (in_the_way_.empty()) terms = LockTerms{.wait = budget_.wait};
    if (!terms) terms = terms_with_autovacuum(connection);
    if (terms) {
      ++attempts_;
      return terms;
    }
    tell();
    kill_if_due(connection);
    if (Clock::now() - begun_ > budget_.deadline) return std::nullopt;
    if (hooks_.meanwhile) hooks_.meanwhile();
    cancel::sleep_ms(jittered(kBetweenLooks));
  }
}

void LockTurn::learn(WantedLock lock) {
  const bool known = std::any_of(wanted_.begin(), wanted_.end(), [&](const WantedLock& other) {
    return other.relation == lock.relation && other.mode >= lock.mode;
  });
  if (!known) wanted_.push_back(std::move(lock));
}

bool LockTurn::pause_after_failure() {
  if (Clock::now() - begun_ + Milliseconds(pause_ms_) > budget_.deadline) return false;
  if (hooks_.meanwhile) hooks_.meanwhile();
  cancel::sleep_ms(jittered(pause_ms_));
  pause_ms_ = std::min(pause_ms_ * 2, kLongestPause);
  return true;
}

std::vector<LockHolder> LockTurn::old_ones(std::vector<LockHolder> holders) {
  const auto now = Clock::now();
  std::erase_if(holders, [&](const LockHolder& holder) {
    if (holder.age) return *holder.age <= budget_.wait;
    return now - first_seen_.try_emplace(holder.transaction, now).first->second <= budget_.wait;
  });
  return holders;
}

// Autovacuum goes when somebody has waited for deadlock_timeout: a shorter attempt would never get the lock. A role
// that may lower it for its own session waits no longer than for anybody else; another makes one long attempt, and says
// so.
std::optional<LockTerms> LockTurn::terms_with_autovacuum(Connection& connection) {
  const bool all = std::all_of(in_the_way_.begin(), in_the_way_.end(), [](const auto& h) { return h.gives_way(); });
  if (!all) return std::nullopt;
  const DeadlockTimeout timeout = read_deadlock_timeout(connection);
  if (timeout.may_be_set) {
    return LockTerms{.wait = budget_.wait + kAutovacuumLeaves,
                     .deadlock_timeout = std::max(budget_.wait / 2, Milliseconds(1))};
  }
  if (!autovacuum_tried_.insert(in_the_way_.front().pid).second) return std::nullopt;
  const Milliseconds wait = timeout.value + kAutovacuumLeaves;
  hooks_.say({.kind = EventKind::warning,
              .text = fmt::format("autovacuum has the table, and gives way only to who waits for deadlock_timeout: one "
                                  "attempt may queue for {}, and others behind it; {}",
                                  show_duration(wait), text_of(in_the_way_))});
  return LockTerms{.wait = wait};
}

void LockTurn::tell() {
  std::set<int> now;
  for (const LockHolder& holder : in_the_way_) now.insert(holder.pid);
  if (now == said_) return;
  said_ = std::move(now);
  hooks_.say({.kind = EventKind::waiting_for_lock,
              .text = fmt::format("{}; not queueing for {}", text_of(in_the_way_), in_the_way_.front().relation)});
}

void LockTurn::kill_if_due(Connection& connection) {
  const bool due = budget_.kill_after.count() > 0 && Clock::now() - begun_ > budget_.kill_after;
  if (!due || !hooks_.record_kill) return;
  for (const LockHolder& holder : in_the_way_) {
    if (may_be_ended(holder) && killed_.insert(holder.transaction).second) kill(connection, holder);
  }
}

// The record comes first: an end without one must not be possible. The transaction is asked for again, so that nobody
// is hit who got the process number, or the session, since the look.
void LockTurn::kill(Connection& connection, const LockHolder& holder) {
  hooks_.record_kill(holder);
  hooks_.say({.kind = EventKind::warning,
              .text = fmt::format("ending a session that has been in the way for longer than {}: {}",
                                  show_duration(budget_.kill_after), holder.text())});
  try {
    connection.execute(
        "SELECT pg_catalog.pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_catalog.pg_locks "
        "WHERE pid = $1::int AND virtualtransaction = $2 AND granted) l",
        {std::to_string(holder.pid), holder.transaction});
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error& refused) {
    hooks_.say({.kind = EventKind::warning,
                .text = fmt::format("pid {} could not be ended: {}", holder.pid, refused.message)});
  }
}

}  // namespace martlet
