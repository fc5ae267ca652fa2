#include "run/stepwise.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/cancel.h"
#include "base/failpoint.h"
#include "base/text.h"
#include "run/batched_statement.h"
#include "run/batching.h"
#include "run/checks.h"
#include "run/failure.h"
#include "run/leftovers.h"
#include "run/lock_retry.h"
#include "run/planned_job.h"
#include "run/sender.h"
#include "sql/session_setting.h"
#include "step/executor.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

bool begins_with_words(const Statement& statement, std::string_view words) {
  return lower(statement.text.substr(0, words.size())) == words;
}

// The journal's entries are written by martlet's own role: a role would have to be given up after every statement.
void refuse_role_change(const Statement& statement) {
  for (const std::string_view words : {"set role", "set session role", "set session authorization"}) {
    if (!begins_with_words(statement, words)) continue;
    throw Error(ErrorKind::validation,
                "a role set here would not last to the next statement: this migration runs "
                "statement by statement")
        .at(statement.place)
        .leaves("nothing of it was run now")
        .next("put the statements that need the role into a migration of their own that is one transaction");
  }
}

class Stepwise {
 public:
  Stepwise(Session& session, Job& job, std::vector<JournalEntry> left)
      : session_(session), job_(job), left_(std::move(left)) {}

  void run() {
    for (const ScriptStatement& at : job_.script.statements) refuse_role_change(at.statement);
    resolve_batches();
    const auto start = Clock::now();
    if (left_.empty()) store_plan(session_, job_);
    tell(EventKind::migration_started);
    run_callback(job_.before);
    for (std::size_t first = 0; first < job_.script.statements.size();) first = run_unit(first);
    check();
    failpoint("before-ledger");
    job_.elapsed = std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
    try {
      note_calls(session_, job_);
      record();
    } catch (const Error& error) {
      throw explained(error, {});
    }
    failpoint("after-ledger");
    tell(EventKind::migration_finished, std::string(job_word(job_)));
  }

 private:
  std::optional<JournalEntry> entry_of(std::size_t index) const {
    const auto found = std::find_if(left_.begin(), left_.end(), [&](const JournalEntry& entry) {
      return entry.step == static_cast<long long>(index);
    });
    return found == left_.end() ? std::nullopt : std::optional(*found);
  }

  // Before the first statement runs: what cannot be batched is refused while nothing is done.
  void resolve_batches() {
    if (!has_batches(job_.script)) return;
    BatchResolver(session_.connection()).resolve(job_.script, [this](std::size_t index) {
      return entry_of(index).has_value();
    });
  }

  bool sets_the_session(std::size_t index) const {
    return sets_session(job_.script.statements[index].statement, session_.dialect());
  }

  // What shares a transaction with the statement: itself and those behind it, up to the returned index. What sets the
  // session stands alone, whatever a stored plan says.
  std::size_t end_of_unit(std::size_t first) const {
    const std::vector<ScriptStatement>& all = job_.script.statements;
    std::size_t end = first + 1;
    if (!all[first].transaction || sets_the_session(first)) return end;
    while (end < all.size() && all[end].transaction == all[first].transaction && !sets_the_session(end)) ++end;
    return end;
  }

  // Returns where the next one begins.
  std::size_t run_unit(std::size_t first) {
    safe_point(first);
    const std::size_t end = end_of_unit(first);
    const auto start = Clock::now();
    tell_statement(EventKind::statement_started, first, Milliseconds(0));
    try {
      perform(first, end);
    } catch (const Error& error) {
      throw explained(error, job_.script.statements[first].statement);
    }
    for (std::size_t i = first; i < end; ++i) done_.push_back(i);
    tell_statement(EventKind::statement_finished, end - 1,
                   std::chrono::duration_cast<Milliseconds>(Clock::now() - start));
    return end;
  }

  void tell_statement(EventKind kind, std::size_t index, Milliseconds elapsed) const {
    session_.settings.emit({.kind = kind,
                            .migration = job_.label,
                            .done = index,
                            .total = job_.script.statements.size(),
                            .elapsed = elapsed,
                            .place = job_.script.statements[index].statement.place});
  }

  std::vector<WantedLock> locks_of(std::size_t first, std::size_t end) const {
    std::vector<WantedLock> locks;
    for (std::size_t i = first; i < end; ++i) {
      const std::vector<WantedLock>& more = job_.script.statements[i].locks;
      locks.insert(locks.end(), more.begin(), more.end());
    }
    return locks;
  }

  void safe_point(std::size_t index) {
    try {
      cancel::check();
      session_.turn([&] {
        return fmt::format("statements {} to {} of {} remain", index + 1, job_.script.statements.size(), job_.label);
      });
    } catch (const Error& error) {
      throw explained(error, {});
    }
  }

  void perform(std::size_t first, std::size_t end) {
    const ScriptStatement& at = job_.script.statements[first];
    if (sets_the_session(first)) {
      session_.connection().execute(at.statement.text);
      return;
    }
    Step step{job_.id, std::string(direction_name(job_.direction)), static_cast<long long>(first), at.statement,
              at.traits};
    if (at.batch) return perform_batched(session_, job_, step, left_, [&] { set_session_again(first); });
    for (std::size_t i = first + 1; i < end; ++i) step.more.push_back(&job_.script.statements[i].statement);
    retry_while_locked(session_, {locks_of(first, end), job_.lock_wait}, [&] {
      try {
        perform_step(context(), step, entry_of(first));
      } catch (const ConnectionLost& lost) {
        look_again(first, lost);
      }
    });
    for (std::size_t i = first; i < end; ++i) session_.keep_lease_after(job_.script.statements[i].statement.text);
  }

  // The statement may have taken effect just before the connection broke; only the journal can tell.
  void look_again(std::size_t index, const ConnectionLost& lost) {
    session_.reconnect();
    left_ = unfinished_of(session_, job_);
    const auto entry = entry_of(index);
    if (entry && entry->state == StepState::done) return set_session_again(index);
    Error error = lost;
    error.kind = entry ? ErrorKind::partial : ErrorKind::migration_failed;
    if (entry) {
      error
          .leaves(fmt::format("statement {} of {} of {} was cut off, and may have left something unfinished behind",
                              index + 1, job_.script.statements.size(), job_.label))
          .next("run `martlet resume`: it looks what is there, and goes on");
    }
    throw error;
  }

  // What the file has set for its session so far was lost with the old one.
  void set_session_again(std::size_t until) {
    for (std::size_t i = 0; i < until; ++i) {
      if (sets_the_session(i)) session_.connection().execute(job_.script.statements[i].statement.text);
    }
  }

  StepContext context() {
    StepContext context{.connection = session_.connection(),
                        .names = session_.names,
                        .who = session_.settings.who,
                        .begin = session_.begin(job_.lock_wait, job_.statement_timeout),
                        .end = {}};
    context.statement_timeout = job_.statement_timeout;
    context.locate = at_statement;
    context.say = [this](const std::string& text) {
      session_.settings.emit({.kind = EventKind::resuming, .migration = job_.label, .text = text});
    };
    return context;
  }

  void run_callback(const Script& script) {
    if (script.statements.empty()) return;
    retry_while_locked(session_, {{}, job_.lock_wait}, [&] {
      Sender sender(session_);
      sender.own(session_.begin(job_.lock_wait, job_.statement_timeout));
      sender.user(job_, script);
      sender.own({{"COMMIT", {}}});
      sender.flush();
    });
  }

  void check() {
    for (const Check& check : job_.checks) {
      if (auto failure = failed_check(session_.connection(), check)) throw explained(*failure, {});
    }
  }

  void record() {
    retry_while_locked(session_, {{}, job_.lock_wait}, [&] {
      Sender sender(session_);
      sender.own(session_.begin(job_.lock_wait, job_.statement_timeout));
      sender.user(job_, job_.after);
      sender.own(session_.reset());
      sender.own({journal_clear(session_.names, job_.id)});
      sender.own(conclude_plan(session_, job_));
      sender.own(job_.record(job_.elapsed));
      sender.own({{"COMMIT", {}}});
      sender.flush();
      session_.audit().confirm();
    });
  }

  bool anything_done() const {
    return std::ranges::any_of(done_, [this](std::size_t index) { return !sets_the_session(index); });
  }

  Error explained(Error error, const Statement& statement) const {
    if (!error.place.known()) error = at_statement(std::move(error), statement);
    const bool nothing_remains = error.kind != ErrorKind::partial && !anything_done();
    if (nothing_remains) {
      if (error.state.empty()) error.leaves(fmt::format("nothing of {} remains", job_.label));
      return error;
    }
    error.kind = ErrorKind::partial;
    if (error.state.empty()) {
      error.leaves(fmt::format("{} of {} statements of {} are done and stay done", done_.size(),
                               job_.script.statements.size(), job_.label));
    }
    if (error.next_step.empty()) {
      error.next("put the failed statement right (leave those before it as they are) and run `martlet resume`");
    }
    return error;
  }

  void tell(EventKind kind, std::string text = {}) const {
    session_.settings.emit({.kind = kind,
                            .migration = job_.label,
                            .id = job_.id,
                            .text = text.empty() ? job_.name : std::move(text),
                            .total = job_.script.statements.size(),
                            .elapsed = job_.elapsed,
                            .place = {job_.file}});
  }

  Session& session_;
  Job& job_;
  std::vector<JournalEntry> left_;
  std::vector<std::size_t> done_;
};

}  // namespace

void run_stepwise(Session& session, Job& job, std::vector<JournalEntry> left) {
  if (session.pooled()) {
    throw Error(ErrorKind::refused,
                fmt::format("{} cannot run through a transaction pooler: {}", job.label,
                            job.script.why_not.empty() ? "it runs statement by statement" : job.script.why_not))
        .at({job.file})
        .leaves("nothing of it was run")
        .next(job.planned
                  ? "set direct_url to the server itself, past the pooler; or run it as one transaction, whatever it "
                    "holds up, with --tx file"
                  : "set direct_url to the server itself, past the pooler");
  }
  Stepwise(session, job, std::move(left)).run();
}

}  // namespace martlet
