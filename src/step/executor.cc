#include "step/executor.h"

#include "base/cancel.h"
#include "base/digest.h"
#include "base/failpoint.h"
#include "base/registry.h"
#include "history/record.h"
#include "rebuild/rebuild.h"
#include "step/cursor.h"

namespace martlet {
namespace {

constexpr std::string_view kKindName = "kind";

// The kind goes into the cursor: after a failure the user may have edited the statement into one of another kind.
std::string tagged(const StepKind& kind, const std::string& text) {
  Cursor cursor = Cursor::parse(text);
  cursor.set(std::string(kKindName), std::string(kind.id));
  return cursor.text();
}

const StepKind& kind_of(const JournalEntry& entry) {
  const std::string id = Cursor::parse(entry.cursor).get(std::string(kKindName));
  if (const StepKind* kind = Registry<StepKind>::find(id)) return *kind;
  throw Error(ErrorKind::partial, "the journal names a kind of step that this martlet does not know: \"" + id + "\"")
      .next("run the martlet version that wrote it, or a later one");
}

std::string digest_of(const Step& step) {
  std::string text = step.statement.text;
  for (const Statement* each : step.more) text += ";\n" + each->text;
  return sha256_hex(text);
}

JournalEntry new_entry(const StepContext& context, const Step& step) {
  return {context.who.run_id, step.migration, step.direction, step.index, StepState::started, digest_of(step), "", ""};
}

void write(const StepContext& context, JournalEntry& entry, StepState state) {
  entry.state = state;
  try {
    context.connection.execute(journal_write(context.names, entry, context.who));
  } catch (const Error& error) {
    if (is_lease_lost(error)) throw explain_lease_lost(error);
    throw;
  }
}

void say(const StepContext& context, const std::string& text) {
  if (!text.empty() && context.say) context.say(text);
}

Error must_be_settled(const Step& step) {
  return Error(ErrorKind::partial,
               "a run was cut off while this statement was running, and nothing in the database "
               "tells whether it took effect")
      .at(step.statement.place)
      .leaves("the statements before it are done, those after it are not")
      .next("look whether it happened, then tell martlet with `martlet repair`");
}

// The server refused the statement: whatever it left is removed now if that can be done, else it is kept in the
// journal.
void after_failure(const StepContext& context, JournalEntry& entry, Error& error) {
  const bool interrupted = error.kind == ErrorKind::cancelled;
  if (interrupted) cancel::reset();
  try {
    context.connection.rollback();
    // Removing can take as long as building did: not what a person wants who has just pressed Ctrl-C.
    const StepOutcome outcome = interrupted ? inspect_step(context.connection, entry) : settle_step(context, entry);
    if (outcome == StepOutcome::half_done) {
      write(context, entry, StepState::failed);
      error.kind = ErrorKind::partial;
      error.leaves("the statement left something unfinished behind, e.g. an invalid index; the journal knows")
          .next("run `martlet resume`: it removes what was left and goes on");
      return;
    }
    if (outcome == StepOutcome::done) {
      write(context, entry, StepState::done);  // the cancel came too late to stop it
    } else {
      context.connection.execute(journal_forget(context.names, entry));
    }
  } catch (const Error& second) {
    error.kind = ErrorKind::partial;
    error.leaves("what the statement left behind could not be settled (" + second.message + "); the journal knows it")
        .next("run `martlet resume` once that is put right");
  }
}

// A role or a database may have timeouts of its own; a concurrent build must not fall to them.
void set_timeouts(const StepContext& context) {
  if (context.connection.dialect() != Dialect::postgres) return;
  const long long timeout = context.statement_timeout ? context.statement_timeout->count() : 0;
  context.connection.execute("SET lock_timeout = 0");
  context.connection.execute("SET statement_timeout = " + std::to_string(timeout));
}

void reset_timeouts(const StepContext& context) {
  if (context.connection.dialect() != Dialect::postgres) return;
  context.connection.execute("RESET lock_timeout");
  context.connection.execute("RESET statement_timeout");
}

void run_alone(const StepContext& context, const Step& step) {
  const StepKind& kind = step_kind(step.traits.kind);
  if (kind.prepare) say(context, kind.prepare(context.connection, step.traits));
  JournalEntry entry = new_entry(context, step);
  entry.cursor = tagged(kind, kind.before ? kind.before(context.connection, step.traits) : "");
  failpoint("journal-before-started");
  write(context, entry, StepState::started);
  failpoint("journal-after-started");
  try {
    set_timeouts(context);
    context.connection.execute(step.statement.text);
    reset_timeouts(context);
  } catch (const ConnectionLost&) {
    throw;
  } catch (Error& error) {
    after_failure(context, entry, error);
    throw;
  }
  failpoint("step-after-statement");
  write(context, entry, StepState::done);
  failpoint("journal-after-done");
}

/// The statements of a transaction on their way to the server, in as few round trips as COPY and SQLite's table rebuild
/// allow.
class Sending {
 public:
  explicit Sending(const StepContext& context) : context_(context) {}

  void add(std::vector<Request> own) {
    for (Request& each : own) requests_.push_back(std::move(each));
    origins_.resize(requests_.size());
  }

  void add(const Statement& statement) {
    if (statement.is_copy_in) {
      alone(statement, [&] { context_.connection.copy_in(statement.text, statement.copy_data); });
    } else if (const auto change = table_change(statement, context_.connection.dialect())) {
      alone(statement, [&] { rebuild_table(context_.connection, *change); });
    } else {
      requests_.push_back({statement.text, {}});
      origins_.push_back(&statement);
    }
  }

  void flush() {
    if (requests_.empty()) return;
    try {
      context_.connection.pipeline(requests_, [](Completion&&) {});
    } catch (const StatementFailed& error) {
      throw located(error, origins_[error.index]);
    }
    requests_.clear();
    origins_.clear();
  }

 private:
  void alone(const Statement& statement, const std::function<void()>& run) {
    flush();
    try {
      run();
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Error& error) {
      throw located(error, &statement);
    }
  }

  Error located(const Error& error, const Statement* statement) const {
    return statement && context_.locate ? context_.locate(error, *statement) : error;
  }

  const StepContext& context_;
  std::vector<Request> requests_;
  std::vector<const Statement*> origins_;  // nullptr: martlet's own
};

void run_in_transaction(const StepContext& context, const Step& step) {
  JournalEntry entry = new_entry(context, step);
  entry.state = StepState::done;
  try {
    Sending sending(context);
    sending.add(context.begin);
    sending.add(step.statement);
    for (const Statement* each : step.more) sending.add(*each);
    sending.add(context.end);
    sending.add({journal_write(context.names, entry, context.who), Request{"COMMIT", {}}});
    sending.flush();
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error& error) {
    context.connection.rollback();
    if (is_lease_lost(error)) throw explain_lease_lost(error);
    throw;
  }
  failpoint("journal-after-done");
}

void run(const StepContext& context, const Step& step) {
  if (step.traits.transactional()) {
    run_in_transaction(context, step);
  } else {
    run_alone(context, step);
  }
}

}  // namespace

void refuse_edited(const Step& step, const JournalEntry& left) {
  if (left.digest == digest_of(step)) return;
  throw Error(ErrorKind::validation, "statement " + std::to_string(step.index + 1) + " of " + step.migration +
                                         " was changed after an unfinished run had " +
                                         (left.state == StepState::done ? "done it" : "begun it"))
      .at(step.statement.place)
      .leaves("the migration is partly applied; this run changed nothing")
      .next("put the statement back as it was, or settle the rest by hand and run `martlet repair`");
}

StepOutcome inspect_step(Connection& connection, const JournalEntry& entry) {
  const StepKind& kind = kind_of(entry);
  return kind.inspect ? kind.inspect(connection, entry.cursor) : StepOutcome::not_begun;
}

// After FINALIZE a partition *is* detached.
StepOutcome settle_step(const StepContext& context, const JournalEntry& entry) {
  const StepKind& kind = kind_of(entry);
  StepOutcome outcome = inspect_step(context.connection, entry);
  if (outcome == StepOutcome::half_done && kind.clean_up) {
    say(context, kind.clean_up(context.connection, entry.cursor));
    outcome = inspect_step(context.connection, entry);
  }
  return outcome;
}

StepResult perform_step(const StepContext& context, const Step& step, const std::optional<JournalEntry>& left) {
  if (!left) {
    run(context, step);
    return StepResult::ran;
  }
  if (left->state == StepState::done) {
    refuse_edited(step, *left);
    return StepResult::was_done;
  }
  const StepOutcome outcome = settle_step(context, *left);
  if (outcome == StepOutcome::unknown) throw must_be_settled(step);
  if (outcome == StepOutcome::done) {
    refuse_edited(step, *left);
    JournalEntry entry = *left;
    write(context, entry, StepState::done);
    return StepResult::found_done;
  }
  run(context, step);
  return StepResult::ran;
}

}  // namespace martlet
