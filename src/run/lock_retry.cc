#include "run/lock_retry.h"

#include <fmt/format.h>

#include "watch/lock_turn.h"

namespace martlet {
namespace {

// Lock timeout, deadlock, serialization failure (PostgreSQL docs, appendix A), and SQLite's file locks. What left
// something behind is not retried but resumed.
bool worth_retrying(const Error& error) {
  if (error.kind == ErrorKind::partial) return false;
  const std::string& code = error.sqlstate;
  return code == "55P03" || code == "40P01" || code == "40001" || code.starts_with("SQLITE_BUSY") ||
         code.starts_with("SQLITE_LOCKED");
}

// The attempts at one transaction, and what they ended with.
class Attempts {
 public:
  Attempts(Session& session, WantedLocks wanted)
      : session_(session), turn_(budget(session, wanted), std::move(wanted.locks), hooks(session)) {}

  void make(const std::function<void()>& attempt) {
    for (;;) {
      const auto terms = turn_.next(session_.connection());
      if (!terms) throw give_up();
      session_.set_lock_terms(*terms);
      session_.watch().begin_attempt();
      try {
        attempt();
        return session_.set_lock_terms({});
      } catch (const Error& error) {
        session_.set_lock_terms({});
        session_.abandon();
        after(error);
      }
      if (!turn_.pause_after_failure()) throw give_up();
    }
  }

 private:
  static LockBudget budget(const Session& session, const WantedLocks& wanted) {
    LockBudget budget = session.settings.lock_budget();
    budget.wait = wanted.wait.value_or(budget.wait);
    return budget;
  }

  static LockTurn::Hooks hooks(Session& session) {
    LockTurn::Hooks hooks{.say = [&session](const Event& event) { session.settings.emit(event); }};
    if (!session.may_write()) return hooks;
    hooks.meanwhile = [&session] { session.helm().safe_point(); };
    hooks.record_kill = [&session](const LockHolder& holder) {
      session.commit({session.audit().append({.event = "killed", .detail = holder.text()}, session.settings.who)});
    };
    return hooks;
  }

  // Throws on what another attempt would not mend.
  void after(const Error& error) {
    if (const auto& stall = session_.watch().cancelled_for()) {
      if (error.kind == ErrorKind::cancelled && error.sqlstate == "57014") throw blocked_too_long(error, *stall);
    }
    if (!worth_retrying(error)) throw;
    last_ = error;
    if (!session_.watch().blockers().empty()) blockers_ = text_of(session_.watch().blockers());
    if (const auto& lock = session_.watch().queued_for()) turn_.learn(*lock);
    session_.settings.emit(
        {.kind = EventKind::retrying, .text = why_again(error), .done = static_cast<std::size_t>(turn_.attempts())});
  }

  Error blocked_too_long(Error error, const Stall& stall) const {
    error.kind = ErrorKind::lock;
    error.message = fmt::format("cancelled after it had blocked the application for {}: {}",
                                show_duration(session_.settings.max_block), stall.text());
    error.next(
        "run the safe form that `martlet lint` shows, or when nobody uses the table; or allow more with max_block, or "
        "whatever it takes with over_block = \"say\"");
    return error;
  }

  std::string why_again(const Error& error) const {
    if (session_.dialect() == Dialect::sqlite) return "another process has the database file locked";
    return blockers_.empty() ? error.message : "waiting for " + blockers_;
  }

  LockTimeout give_up() const {
    if (!last_) return never_tried();
    LockTimeout failure(*last_);
    failure.kind = ErrorKind::lock;
    failure.message = fmt::format("no lock after {} attempts in {}: {}", turn_.attempts(), patience(), last_->message);
    if (session_.dialect() == Dialect::sqlite) {
      failure.detail = "another process has the database file locked";
      failure.next(
          "close the program that writes to the file, or allow more time with --lock-deadline, then run the same "
          "command again");
      return failure;
    }
    const std::string now = turn_.in_the_way().empty() ? blockers_ : text_of(turn_.in_the_way());
    failure.detail = now.empty() ? "who held the lock could not be seen" : "held by " + now;
    failure.next(advice());
    return failure;
  }

  LockTimeout never_tried() const {
    const LockHolder& first = turn_.in_the_way().front();
    LockTimeout failure(ErrorKind::lock,
                        fmt::format("{} was never free in {}: nothing was tried, so that nobody had to queue behind it",
                                    first.relation, patience()));
    failure.with_detail("held by " + text_of(turn_.in_the_way())).next(advice());
    return failure;
  }

  std::string patience() const { return show_duration(session_.settings.lock_deadline); }
  static std::string advice() {
    return "let the blocking session finish or end it (`martlet locks`), or allow more time with --lock-deadline, then "
           "run the same command again";
  }

  Session& session_;
  LockTurn turn_;
  std::optional<Error> last_;
  std::string blockers_;
};

}  // namespace

void retry_while_locked(Session& session, WantedLocks wanted, const std::function<void()>& attempt) {
  Attempts(session, std::move(wanted)).make(attempt);
}

}  // namespace martlet
