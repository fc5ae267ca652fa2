#include "watch/session_watch.h"

#include <fmt/format.h>

#include <algorithm>

namespace martlet {
namespace {

// A statement that runs for less than this is not worth a second connection.
constexpr std::chrono::milliseconds kLookAfter{40};
// A stall began up to one look before it was seen.
constexpr std::chrono::milliseconds kBetweenLooks{50};

bool same_sessions(const std::vector<LockHolder>& one, const std::vector<LockHolder>& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const LockHolder& a, const LockHolder& b) {
    return a.pid == b.pid && a.prepared == b.prepared;
  });
}

}  // namespace

SessionWatch::SessionWatch(Observer& observer, LockBudget budget, Say say)
    : observer_(observer), budget_(budget), say_(std::move(say)) {}

void SessionWatch::attach(Connection& watched, std::string application) {
  watched_ = &watched;
  application_ = std::move(application);
  if (watched.dialect() != Dialect::postgres) return;
  watched.while_waiting([this](std::chrono::milliseconds running) { look(running); });
}

void SessionWatch::begin_attempt() {
  blockers_.clear();
  queued_for_.reset();
  cancelled_for_.reset();
  stalled_since_.reset();
}

void SessionWatch::look(std::chrono::milliseconds running) {
  if (!watched_ || running < kLookAfter) return;
  try {
    observer_.look([this](Connection& observer) {
      const int session = session_of(observer);
      look_for_blockers(observer, session);
      look_for_stall(observer, session);
    });
  } catch (const Error&) {
    return;  // cancelled: the statement that is watched notices by itself
  }
  if (also_) also_();
}

// A pooler hands out process numbers of its own; the name that it passes on is this run's alone.
int SessionWatch::session_of(Connection& observer) const {
  if (!pooled_) return watched_->backend_pid();
  const Result found = observer.execute(
      "SELECT pid FROM pg_catalog.pg_stat_activity WHERE application_name = $1 AND datname = current_database() "
      "ORDER BY state = 'active' DESC LIMIT 1",
      {application_});
  return found.rows.empty() ? 0 : std::stoi(*found.rows[0][0]);
}

void SessionWatch::look_for_blockers(Connection& observer, int session) {
  // What is wanted is asked first: the attempt may end at any moment, and the next one is to know it.
  if (auto lock = lock_queued_for(observer, session)) queued_for_ = std::move(lock);
  std::vector<LockHolder> now = blockers_of(observer, session);
  if (now.empty()) return;
  const bool changed = !same_sessions(now, blockers_);
  blockers_ = std::move(now);
  if (changed) say_({.kind = EventKind::waiting_for_lock, .text = text_of(blockers_)});
}

void SessionWatch::look_for_stall(Connection& observer, int session) {
  const auto stall = stall_by(observer, session);
  if (!stall) return stalled_since_.reset();
  const auto now = Clock::now();
  if (!stalled_since_) stalled_since_ = now - kBetweenLooks;
  if (now - *stalled_since_ < budget_.max_block) return;
  if (budget_.over_block == LockBudget::OverBlock::cancel) {
    cancelled_for_ = stall;
    watched_->cancel();
  } else if (!stall_said_) {
    stall_said_ = true;
    say_({.kind = EventKind::warning,
          .text = fmt::format("the application has waited for longer than {}: {}", show_duration(budget_.max_block),
                              stall->text())});
  }
}

}  // namespace martlet
