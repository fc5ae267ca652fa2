#include "run/transaction_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/failpoint.h"
#include "run/checks.h"
#include "run/lock_retry.h"
#include "run/planned_job.h"
#include "run/sender.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

Milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
}

// `-- martlet:check`: asked inside the transaction, when all of the migration's statements are done.
void run_checks(Session& session, const Job& job) {
  for (const Check& check : job.checks) {
    if (auto failure = failed_check(session.connection(), check)) throw *failure;
  }
}

void send_job(Session& session, Sender& sender, Job& job, bool measured_by_server) {
  const auto start = Clock::now();
  session.settings.emit({.kind = EventKind::migration_started,
                         .migration = job.label,
                         .id = job.id,
                         .text = job.name,
                         .total = job.script.statements.size(),
                         .place = {job.file}});
  sender.user(job, job.before);
  sender.user(job, job.script);
  sender.user(job, job.after);
  const bool wait_for_answers = !job.checks.empty() || session.dialect() == Dialect::sqlite;
  if (wait_for_answers) sender.flush();
  run_checks(session, job);
  sender.own(session.reset());
  job.elapsed = since(start);
  sender.own(conclude_plan(session, job));
  sender.own(job.record(wait_for_answers || !measured_by_server ? job.elapsed : Milliseconds(-1)));
}

void attempt(Session& session, std::span<Job> jobs) {
  session.audit().rewind();
  Sender sender(session);
  sender.own(session.begin(jobs.front().lock_wait, jobs.front().statement_timeout));
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (i > 0) sender.own(session.timeouts(jobs[i].lock_wait, jobs[i].statement_timeout));
    send_job(session, sender, jobs[i], jobs.size() == 1);
  }
  failpoint("before-commit");
  sender.own({{"COMMIT", {}}});
  sender.flush();
  failpoint("after-commit");
  session.audit().confirm();
}

bool committed(const Ledger& ledger, const Job& job, const std::string& run_id) {
  const LedgerRow* row = ledger.find(job.id);
  if (!row || row->run_id != run_id) return false;
  return job.direction == Direction::up ? row->counts_as_applied() : row->state == LedgerState::reverted;
}

// The connection broke: only the ledger, read once the lease is ours again, can tell whether the COMMIT took effect.
void settle(Session& session, std::span<Job> jobs, const ConnectionLost& lost) {
  try {
    session.reconnect();
  } catch (const Error& still_away) {
    Error error = lost;
    error.kind = ErrorKind::connection;
    error.detail = still_away.message;
    error.state =
        fmt::format("whether {} was committed is not known yet; nothing of it can be half done", jobs.back().label);
    error.next_step = "when the server is back, run `martlet up`: it reads the ledger before it does anything";
    throw error;
  }
  const Ledger ledger = session.read_ledger();
  if (committed(ledger, jobs.back(), session.settings.who.run_id)) return;
  Error rolled_back = lost;
  rolled_back.kind = ErrorKind::migration_failed;  // the server is there again, and nothing remains
  throw rolled_back;
}

WantedLocks locks_of(std::span<const Job> jobs) {
  WantedLocks wanted{.locks = {}, .wait = jobs.front().lock_wait};
  for (const Job& job : jobs) wanted.locks.insert(wanted.locks.end(), job.locks.begin(), job.locks.end());
  return wanted;
}

}  // namespace

void run_in_transaction(Session& session, std::span<Job> jobs) {
  const auto start = Clock::now();
  for (Job& job : jobs) note_calls(session, job);
  retry_while_locked(session, locks_of(jobs), [&] {
    try {
      attempt(session, jobs);
    } catch (const ConnectionLost& lost) {
      settle(session, jobs, lost);
    }
  });
  for (const Job& job : jobs) {
    for (const ScriptStatement& at : job.script.statements) session.keep_lease_after(at.statement.text);
  }
  Milliseconds rest = since(start);  // what waits for the server, and the COMMIT, belong to the last one
  for (const Job& job : jobs) rest -= job.elapsed;
  jobs.back().elapsed += std::max(rest, Milliseconds(0));
  for (Job& job : jobs) {
    session.settings.emit({.kind = EventKind::migration_finished,
                           .migration = job.label,
                           .text = std::string(job_word(job)),
                           .elapsed = job.elapsed});
  }
}

}  // namespace martlet
