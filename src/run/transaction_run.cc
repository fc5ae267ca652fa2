#include "run/transaction_run.h"

#include <fmt/format.h>

#include "base/failpoint.h"
#include "run/checks.h"
#include "run/lock_retry.h"
#include "run/sender.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

Milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
}

// `-- martlet:check`: asked inside the transaction, when all of the migration's statements are done.
void run_checks(Session& session, const Part& part) {
  for (const Check& check : part.checks) {
    if (auto failure = failed_check(session.connection(), check)) throw *failure;
  }
}

void send_part(Session& session, Sender& sender, const Part& part, bool measured_by_server) {
  const auto start = Clock::now();
  session.settings.emit({.kind = EventKind::migration_started,
                         .migration = part.label,
                         .text = part.name,
                         .total = part.script.statements.size(),
                         .place = {part.file}});
  sender.user(part, part.before);
  sender.user(part, part.script);
  sender.user(part, part.after);
  const bool wait_for_answers = !part.checks.empty() || session.dialect() == Dialect::sqlite;
  if (wait_for_answers) sender.flush();
  run_checks(session, part);
  sender.own(session.reset());
  sender.own(part.record(wait_for_answers || !measured_by_server ? since(start) : Milliseconds(-1)));
}

void attempt(Session& session, std::span<Part> parts) {
  session.audit().rewind();
  Sender sender(session);
  sender.own(session.begin(parts.front().lock_wait, parts.front().statement_timeout));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) sender.own(session.timeouts(parts[i].lock_wait, parts[i].statement_timeout));
    send_part(session, sender, parts[i], parts.size() == 1);
  }
  failpoint("before-commit");
  sender.own({{"COMMIT", {}}});
  sender.flush();
  failpoint("after-commit");
  session.audit().confirm();
}

bool committed(const Ledger& ledger, const Part& part, const std::string& run_id) {
  const LedgerRow* row = ledger.find(part.id);
  if (!row || row->run_id != run_id) return false;
  return part.direction == Direction::up ? row->counts_as_applied() : row->state == LedgerState::reverted;
}

// The connection broke: only the ledger, read once the lease is ours again, can tell whether the COMMIT took effect.
void settle(Session& session, std::span<Part> parts, const ConnectionLost& lost) {
  try {
    session.reconnect();
  } catch (const Error& still_away) {
    Error error = lost;
    error.kind = ErrorKind::connection;
    error.detail = still_away.message;
    error.state =
        fmt::format("whether {} was committed is not known yet; nothing of it can be half done", parts.back().label);
    error.next_step = "when the server is back, run `martlet up`: it reads the ledger before it does anything";
    throw error;
  }
  const Ledger ledger = session.read_ledger();
  if (committed(ledger, parts.back(), session.settings.who.run_id)) return;
  throw lost;
}

}  // namespace

void run_in_transaction(Session& session, std::span<Part> parts) {
  const auto start = Clock::now();
  retry_while_locked(session, [&] {
    try {
      attempt(session, parts);
    } catch (const ConnectionLost& lost) {
      settle(session, parts, lost);
    }
  });
  for (Part& part : parts) {
    part.elapsed = since(start);
    session.settings.emit({.kind = EventKind::migration_finished,
                           .migration = part.label,
                           .text = std::string(direction_name(part.direction)),
                           .elapsed = part.elapsed});
  }
}

}  // namespace martlet
