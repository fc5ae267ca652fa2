#include "run/rollback.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/cancel.h"
#include "base/text.h"
#include "run/down_jobs.h"
#include "run/down_losses.h"
#include "run/leftovers.h"
#include "run/planning.h"
#include "run/restore_run.h"
#include "run/stepwise.h"
#include "run/transaction_run.h"

namespace martlet {
namespace {

struct Outcome {
  enum class Kind { nothing_to_do, taken_back, restored, refused } kind = Kind::nothing_to_do;
  std::string text;
};

std::vector<const StandingEntry*> applied_by(Course& course, const std::string& run_id) {
  std::vector<const StandingEntry*> applied;
  for (const StandingEntry& entry : course.entries()) {
    const bool ours = entry.row && entry.row->run_id == run_id;
    if (ours && entry.row->state == LedgerState::applied) applied.push_back(&entry);
  }
  std::ranges::sort(applied, [](const StandingEntry* a, const StandingEntry* b) {
    return a->row->installed_order > b->row->installed_order;
  });
  return applied;
}

bool is_repeatable(const StandingEntry& entry) {
  return entry.row->kind == kind_name(MigrationKind::repeatable);
}

std::vector<Job> downs_of(Course& course, const std::vector<const StandingEntry*>& applied) {
  for (const StandingEntry* entry : applied) {
    if (!is_repeatable(*entry)) continue;
    throw Error(ErrorKind::refused, fmt::format("{} is repeatable: what it replaced is not known", entry->label()));
  }
  return jobs_down(course, applied);
}

void run_downs(Course& course, std::vector<Job>& jobs) {
  if (const std::optional<PendingPlan> plan = plan_downs(course, jobs)) follow(course, jobs, *plan);
  for (Job& job : jobs) {
    if (job.script.transactional) {
      run_in_transaction(course.session(), {&job, 1});
    } else {
      run_stepwise(course.session(), job, {});
    }
    course.maker().reached(job.version_after);
  }
}

std::string labels_of(const std::vector<Job>& jobs) {
  std::vector<std::string> labels;
  for (const Job& job : jobs) labels.push_back(job.label);
  return join(labels, ", ");
}

void refuse_losses(Course& course, const std::vector<Job>& jobs) {
  const std::vector<std::string> losses = down_losses(course.session().connection(), jobs);
  if (!losses.empty()) throw Error(ErrorKind::refused, "a down would lose data: " + join(losses, "; "));
}

// Throws Error with the reason where the downs cannot or must not be run. Everything is looked at before anything is
// taken back, also what was cut off in its middle.
Outcome take_back(Course& course, const std::string& run_id) {
  course.look();
  refuse_losses(course, downs_of(course, applied_by(course, run_id)));
  const bool in_its_middle = course.has_leftovers();
  if (in_its_middle) {
    undo_leftovers(course);
    course.look();
  }
  std::vector<Job> jobs = downs_of(course, applied_by(course, run_id));
  if (jobs.empty() && !in_its_middle) return {.text = "nothing was to be taken back"};
  run_downs(course, jobs);
  const std::string half = in_its_middle ? "what was in its middle" : "";
  return {Outcome::Kind::taken_back,
          fmt::format("took back {}{}{}", half, half.empty() || jobs.empty() ? "" : ", ", labels_of(jobs))};
}

bool may_restore(const Course& course, const Safeguards& safeguards) {
  using Restore = AutoRollback::Restore;
  if (safeguards.rollback.restore == Restore::always) return true;
  return safeguards.rollback.restore == Restore::fenced && course.writers_fenced();
}

Outcome restore(Course& course, const Safeguards& safeguards, const std::string& backup, const std::string& why) {
  RunSettings settings = course.settings();
  settings.agreed = true;  // by the policy
  RestoreOrder order{.backup = *safeguards.backup, .file = backup};
  order.backup.who = settings.who;
  order.options.reason = "automatic rollback: " + why;
  RestoreReport report;
  course.session().away_while([&] { report = restore_database(settings, order); });
  course.look();
  const std::string kept = report.kept.empty() ? "" : fmt::format("; the database of before is \"{}\"", report.kept);
  return {Outcome::Kind::restored, fmt::format("restored {} ({}){}", backup, why, kept)};
}

Outcome offer(const Safeguards& safeguards, const std::string& backup, const std::string& why) {
  if (backup.empty() || !safeguards.backup) {
    return {Outcome::Kind::refused, why + "; there is no backup of before the run"};
  }
  return {Outcome::Kind::refused,
          fmt::format("{}; {} was taken before the run: `martlet restore {}` brings it back, and loses everything that "
                      "was written since it was taken",
                      why, backup, backup)};
}

// look() forgets the one of this run; of an earlier one the ledger knows it, where that was read.
std::string backup_before(Course& course, const std::string& run_id) {
  std::string backup = course.maker().backup();
  for (const LedgerRow& row : course.ledger().rows()) {
    if (backup.empty() && row.run_id == run_id) backup = row.backup_id;
  }
  return backup;
}

Outcome decide(Course& course, const Safeguards& safeguards, const std::string& run_id) {
  const std::string backup = backup_before(course, run_id);
  try {
    return take_back(course, run_id);
  } catch (const Error& why_not) {
    course.session().abandon();
    if (backup.empty() || !safeguards.backup || !may_restore(course, safeguards)) {
      return offer(safeguards, backup, why_not.message);
    }
    try {
      return restore(course, safeguards, backup, why_not.message);
    } catch (const Error& failed) {
      return offer(safeguards, backup, fmt::format("{}; the restore failed: {}", why_not.message, failed.message));
    }
  }
}

void record(Course& course, const Outcome& outcome, const std::string& because) {
  const bool refused = outcome.kind == Outcome::Kind::refused;
  const std::string text = fmt::format("{}; because: {}", outcome.text, because);
  course.settings().emit(
      {.kind = refused ? EventKind::rollback_refused : EventKind::rolled_back, .text = outcome.text});
  Session& session = course.session();
  session.commit({session.audit().append({.event = refused ? "rollback-refused" : "rolled-back",
                                          .version_before = course.maker().current(),
                                          .version_after = course.maker().current(),
                                          .detail = text},
                                         course.settings().who)});
}

}  // namespace

void roll_back(Course& course, const Safeguards& safeguards, const std::string& run_id, Error& error) noexcept {
  try {
    cancel::reset();
    course.session().abandon();
    const Outcome outcome = decide(course, safeguards, run_id);
    if (outcome.kind == Outcome::Kind::nothing_to_do) return;
    const std::string at = fmt::format("the database is at {}", course.maker().current());
    const bool refused = outcome.kind == Outcome::Kind::refused;
    error.leaves(refused ? fmt::format("not rolled back: {}; {}", outcome.text, at)
                         : fmt::format("rolled back: {}; {}", outcome.text, at));
    record(course, outcome, error.message);
  } catch (const std::exception& second) {
    try {
      error.leaves(fmt::format("the automatic rollback failed: {}; see `martlet status`", second.what()));
      course.settings().emit({.kind = EventKind::rollback_refused, .text = second.what()});
    } catch (...) {
      return;
    }
  }
}

}  // namespace martlet
