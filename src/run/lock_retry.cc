#include "run/lock_retry.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "base/cancel.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr long kFirstPause = 50;
constexpr long kLongestPause = 2000;

// Jitter keeps two runners, or a runner and a periodic job, from meeting again and again.
long jittered(long pause) {
  static std::minstd_rand random{std::random_device{}()};
  return std::uniform_int_distribution<long>(pause / 2, pause)(random);
}

// Lock timeout, deadlock, serialization failure (PostgreSQL docs, appendix A), and SQLite's file locks. What left
// something behind is not retried but resumed.
bool worth_retrying(const Error& error) {
  if (error.kind == ErrorKind::partial) return false;
  const std::string& code = error.sqlstate;
  return code == "55P03" || code == "40P01" || code == "40001" || code.starts_with("SQLITE_BUSY") ||
         code.starts_with("SQLITE_LOCKED");
}

LockTimeout give_up(const Error& error, const Session& session, const std::string& blockers, long attempts) {
  LockTimeout failure(ErrorKind::lock, error.message);
  static_cast<Error&>(failure) = error;
  failure.kind = ErrorKind::lock;
  failure.message = fmt::format("no lock after {} attempts in {}: {}", attempts,
                                show_duration(session.settings.lock_deadline), error.message);
  if (session.dialect() == Dialect::sqlite) {
    failure.detail = "another process has the database file locked";
    failure.next_step =
        "close the program that writes to the file, or allow more time with --lock-deadline, then run the same command "
        "again";
    return failure;
  }
  failure.detail = blockers.empty() ? "who held the lock could not be seen" : "held by " + blockers;
  failure.next_step =
      "let the blocking session finish or end it (`martlet locks`), or allow more time with --lock-deadline, then run "
      "the same command again";
  return failure;
}

std::string why_again(const Session& session, const Error& error, const std::string& blockers) {
  if (session.dialect() == Dialect::sqlite) return "another process has the database file locked";
  return blockers.empty() ? error.message : "waiting for " + blockers;
}

}  // namespace

void retry_while_locked(Session& session, const std::function<void()>& attempt) {
  const auto deadline = Clock::now() + session.settings.lock_deadline;
  std::string blockers;
  long pause = kFirstPause;
  for (long attempts = 1;; ++attempts) {
    session.blockers().clear();
    try {
      return attempt();
    } catch (const Error& error) {
      session.abandon();
      if (!worth_retrying(error)) throw;
      if (!session.blockers().seen().empty()) blockers = session.blockers().text();
      if (Clock::now() + Milliseconds(pause) > deadline) throw give_up(error, session, blockers, attempts);
      session.settings.emit({.kind = EventKind::retrying,
                             .text = why_again(session, error, blockers),
                             .done = static_cast<std::size_t>(attempts)});
    }
    cancel::sleep_ms(jittered(pause));
    pause = std::min(pause * 2, kLongestPause);
  }
}

}  // namespace martlet
