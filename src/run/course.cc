#include "run/course.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/cancel.h"
#include "history/journal.h"
#include "migration/folder_reading.h"
#include "run/failure.h"
#include "run/hooks.h"
#include "run/lock_retry.h"
#include "run/transaction_run.h"

namespace martlet {
namespace {

std::string event_of(Direction direction, std::string_view when) {
  return fmt::format("{}{}", when, direction == Direction::up ? "Migrate" : "Undo");
}

std::string advice(const Error& error, Direction direction) {
  if (error.kind == ErrorKind::cancelled) return "run the same command again to go on from there";
  return fmt::format("fix the {} and run `martlet {}` again", error.place.known() ? "file" : "cause",
                     direction_name(direction));
}

// Nobody waits for old code: what is below `-- martlet:contract` runs behind the rest. Its lines keep their numbers.
void join_contract(Migration& migration) {
  if (!migration.contract) return;
  std::string& text = migration.up.text;
  const auto lines = static_cast<long>(std::ranges::count(text, '\n'));
  text.append(static_cast<std::size_t>(std::max(1L, migration.contract->first_line - migration.up.first_line - lines)),
              '\n');
  text += migration.contract->text;
  migration.contract.reset();
}

// The files are read while the session opens, which takes longer. Only where that could create the database they are
// read before: a folder with a mistake in it must not leave a new database behind.
std::shared_ptr<FolderReading> reading_of(const RunSettings& settings) {
  std::shared_ptr<FolderReading> reading = settings.folder_reading;
  if (!reading || reading->is_over()) reading = std::make_shared<FolderReading>(settings.folder);
  const bool creates = settings.create_database && (settings.url.dialect() == Dialect::postgres ||
                                                    !driver_for(settings.url).database_exists(settings.url));
  if (creates) reading->finish();
  return reading;
}

}  // namespace

Course::Course(const RunSettings& settings) : Course(settings, reading_of(settings)) {}

Course::Course(const RunSettings& settings, const std::shared_ptr<FolderReading>& reading) try : session_(settings) {
  const std::set<std::string> unfinished = read_history();
  folder_ = reading->take();
  if (this->settings().phases == Phases::together) {
    for (Migration& each : folder_.migrations) join_contract(each);
  }
  weigh(unfinished);
  report_.run_id = settings.who.run_id;
  report_.version_before = maker_->current();
} catch (...) {
  if (!reading->is_over()) reading->take();  // what is wrong with the folder is said first
  throw;
}

void Course::look() {
  weigh(read_history());
}

std::set<std::string> Course::read_history() {
  std::set<std::string> unfinished;
  retry_while_locked(session_, {}, [&] {
    ledger_ = session_.read_ledger(settings().ledger_detail);
    if (!has_leftovers()) return;
    for (const JournalEntry& entry : read_unfinished(session_.connection(), session_.names)) {
      unfinished.insert(entry.migration);
    }
  });
  return unfinished;
}

void Course::weigh(const std::set<std::string>& unfinished) {
  entries_ = compare(folder_, ledger_, unfinished);
  maker_ = std::make_unique<JobMaker>(session_, folder_, ledger_, current_version(entries_));
}

void Course::take_lease() {
  try {
    session_.take_lease();
    look();
  } catch (Error& error) {
    if (error.kind == ErrorKind::cancelled) error.leaves("no migration was run").next("run the same command again");
    throw;
  }
  report_.version_before = maker_->current();
}

std::string Course::version_below(const StandingEntry& entry) const {
  const StandingEntry* below = nullptr;
  for (const StandingEntry& other : entries_) {
    const bool repeatable = other.migration ? other.migration->kind == MigrationKind::repeatable
                                            : other.row->kind == kind_name(MigrationKind::repeatable);
    const bool earlier = !repeatable && other.row && other.row->counts_as_applied() &&
                         other.row->installed_order < entry.row->installed_order;
    if (earlier && (!below || below->row->installed_order < other.row->installed_order)) below = &other;
  }
  return below ? below->label() : "base";
}

void Course::starting(std::span<const Job> jobs) {
  at_work_ = jobs.front().label;
  if (jobs.size() > 1) at_work_ += " to " + jobs.back().label;
  at_work_id_ = jobs.size() == 1 ? jobs.front().id : "";
}

void Course::finished(const Job& job) {
  report_.done.push_back({job.id, job.label, job.name, job.direction, job.elapsed, std::string(job_word(job))});
  maker_->reached(job.version_after);
  at_work_.clear();
  at_work_id_.clear();
}

RunReport Course::conclude() {
  if (!report_.nothing_to_do()) look();
  report_.version_after = maker_->current();
  return report_;
}

void Course::run_callbacks(const std::string& event) {
  Job job = maker_->callbacks(event);
  if (!job.script.statements.empty()) run_in_transaction(session_, {&job, 1});
}

void Course::run_with_hooks(Direction direction, const std::function<void()>& body) {
  const RunHooks& hooks = settings().hooks;
  settings().emit({.kind = EventKind::run_started, .text = maker_->current()});
  try {
    writers_fenced_ = run_hook(settings(), hooks.before, {"before", maker_->current(), ""});
    run_callbacks(event_of(direction, "before"));
    body();
    run_callbacks(event_of(direction, "after"));
  } catch (Error& error) {
    tell_failure(direction, error);
    throw;
  }
  try {
    run_hook(settings(), hooks.after, {"after", maker_->current(), ""});
  } catch (Error& error) {
    error.leaves(fmt::format("the run itself is done; the database is at {}", maker_->current()));
    throw error.next("run by hand what the hook should have done");
  }
  settings().emit({.kind = EventKind::run_finished, .text = maker_->current()});
}

// Clean-up must run to its end even after Ctrl-C, and must not hide the error it is about.
void Course::tell_failure(Direction direction, Error& error) {
  cancel::reset();
  if (error.state.empty()) error.leaves(clean_state(direction, at_work_, maker_->current()));
  if (error.next_step.empty()) error.next(advice(error, direction));
  settings().emit({.kind = EventKind::migration_failed, .text = error.message, .place = error.place});
  try {
    session_.abandon();
    session_.commit({session_.audit().append({.event = "failed",
                                              .migration = at_work_id_,
                                              .version_before = report_.version_before,
                                              .version_after = maker_->current(),
                                              .detail = error.place.text() + " " + error.message},
                                             settings().who)});
    run_callbacks(event_of(direction, "after") + "Error");
  } catch (const Error& second) {
    settings().emit({.kind = EventKind::warning, .text = "after the failure: " + second.message});
  }
  try {
    run_hook(settings(), settings().hooks.on_failure, {"on_failure", maker_->current(), error.message});
  } catch (const Error& second) {
    settings().emit({.kind = EventKind::warning, .text = second.message});
  }
}

}  // namespace martlet
