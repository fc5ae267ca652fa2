#include "run/sender.h"

#include <fmt/format.h>

#include "history/record.h"
#include "rebuild/rebuild.h"
#include "run/failure.h"

namespace martlet {

void Sender::own(std::vector<Request> requests) {
  for (Request& request : requests) {
    requests_.push_back(std::move(request));
    origins_.emplace_back();
  }
}

void Sender::user(const Job& job, const Script& script) {
  for (std::size_t i = 0; i < script.statements.size(); ++i) {
    const Statement& statement = script.statements[i].statement;
    if (statement.is_copy_in) {
      copy_in(job, statement);
    } else if (const auto change = table_change(statement, session_.dialect())) {
      rebuild(job, statement, *change);
    } else {
      requests_.push_back({statement.text, {}});
      origins_.push_back({&job, &statement, i, script.statements.size()});
    }
  }
}

void Sender::flush() {
  if (requests_.empty()) return;
  answered_ = 0;
  try {
    session_.connection().pipeline(requests_, [this](Completion&& completion) { completed(completion); });
  } catch (const StatementFailed& error) {
    fail(error);
  } catch (ConnectionLost& lost) {
    locate(lost);
    throw;
  }
  requests_.clear();
  origins_.clear();
}

// What was running when the connection broke is the one after the last that was answered.
void Sender::locate(Error& lost) const {
  if (answered_ >= origins_.size()) return;
  const Statement* statement = origins_[answered_].statement;
  if (statement) lost = at_statement(std::move(lost), *statement);
}

void Sender::copy_in(const Job& job, const Statement& statement) {
  alone(job, statement, [&] { session_.connection().copy_in(statement.text, statement.copy_data); });
}

void Sender::rebuild(const Job& job, const Statement& statement, const TableChange& change) {
  alone(job, statement, [&] { rebuild_table(session_.connection(), change); });
}

void Sender::alone(const Job& job, const Statement& statement, const std::function<void()>& run) {
  flush();
  session_.settings.emit({.kind = EventKind::statement_started, .migration = job.label, .place = statement.place});
  try {
    run();
  } catch (ConnectionLost& lost) {
    static_cast<Error&>(lost) = at_statement(lost, statement);
    throw;
  } catch (const Error& error) {
    throw at_statement(error, statement);
  }
}

void Sender::completed(const Completion& completion) {
  answered_ = completion.index + 1;
  const Origin& origin = origins_[completion.index];
  if (!origin.statement) return;
  session_.settings.emit({.kind = EventKind::statement_finished,
                          .migration = origin.job->label,
                          .done = origin.index,
                          .total = origin.total,
                          .elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(completion.elapsed),
                          .place = origin.statement->place});
}

void Sender::fail(const StatementFailed& failure) const {
  const Origin& origin = origins_[failure.index];
  Error error = failure;
  if (is_lease_lost(error)) {
    throw explain_lease_lost(error);
  }
  if (origin.statement) error = at_statement(std::move(error), *origin.statement);
  throw error;
}

}  // namespace martlet
