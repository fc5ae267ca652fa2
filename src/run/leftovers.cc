#include "run/leftovers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "history/stored_plan.h"
#include "plan/json.h"
#include "run/planned_job.h"
#include "run/stepwise.h"
#include "run/undo.h"

namespace martlet {
namespace {

struct Leftover {
  std::string migration;
  Direction direction;
  std::vector<JournalEntry> entries;
};

// The plan by which an interrupted undo goes on: the journal still has what was done before.
std::optional<StoredPlan> undo_of(Session& session, const std::string& migration) {
  if (session.dialect() == Dialect::sqlite) return std::nullopt;
  auto stored = read_plan(session.connection(), session.names, migration, "down");
  if (stored && !from_stored(stored->plan).undoes) stored.reset();
  return stored;
}

// One a migration, in the order of the journal. What is on its way down has the entries of that alone.
std::vector<Leftover> read_leftovers(Course& course) {
  std::vector<Leftover> leftovers;
  if (!course.has_leftovers()) return leftovers;
  for (JournalEntry& entry : read_unfinished(course.session().connection(), course.session().names)) {
    const Direction direction = entry.direction == "down" ? Direction::down : Direction::up;
    if (leftovers.empty() || leftovers.back().migration != entry.migration) {
      leftovers.push_back({entry.migration, direction, {}});
    }
    if (leftovers.back().direction == direction) leftovers.back().entries.push_back(std::move(entry));
  }
  for (Leftover& each : leftovers) {
    if (each.direction == Direction::down || !undo_of(course.session(), each.migration)) continue;
    each = {each.migration, Direction::down, {}};
  }
  return leftovers;
}

const StandingEntry& standing_of(const Course& course, const Leftover& leftover) {
  for (const StandingEntry& entry : course.entries()) {
    if (entry.id() == leftover.migration) return entry;
  }
  throw Error(ErrorKind::partial, fmt::format("{} is in its middle, but its file is gone", leftover.migration))
      .leaves("some of its statements are done, others are not; this run changed nothing")
      .next("bring the file back and run `martlet resume`, or settle it by hand and say so with `martlet repair`");
}

std::string below(const Course& course, const StandingEntry& entry) {
  return entry.row ? course.version_below(entry) : course.current();
}

Job job_down(Course& course, const StandingEntry& entry) {
  const bool is_undo = undo_of(course.session(), entry.id()).has_value();
  return is_undo ? course.maker().undo(entry, below(course, entry))
                 : course.maker().down(entry, course.version_below(entry));
}

// Which phase was interrupted, the stored plan tells.
Job job_up(Course& course, const StandingEntry& entry) {
  Session& session = course.session();
  const auto stored = session.dialect() == Dialect::sqlite
                          ? std::nullopt
                          : read_plan(session.connection(), session.names, entry.id(), "up");
  if (stored && stored->state == PlanState::expanded) return course.maker().later(entry, Phase::contract);
  if (stored && stored->state == PlanState::contracted) return course.maker().later(entry, Phase::finish);
  return course.maker().up(*entry.migration);
}

Job job_of(Course& course, const Leftover& leftover) {
  const StandingEntry& entry = standing_of(course, leftover);
  Job job = leftover.direction == Direction::down ? job_down(course, entry) : job_up(course, entry);
  follow_stored_plan(course.session(), job);
  return job;
}

// A crash between storing a plan and its first step leaves a plan that nobody goes on with: the file may be another one
// by now.
void forget_unbegun_plans(Course& course) {
  Session& session = course.session();
  if (session.dialect() == Dialect::postgres) session.commit({plans_forget_unbegun(session.names)});
}

void resume(Course& course, Leftover& leftover) {
  Job job = job_of(course, leftover);
  course.settings().emit({.kind = EventKind::resuming,
                          .migration = job.label,
                          .text = fmt::format("{} {} was interrupted: going on from there", job.label, job_word(job))});
  course.run_with_hooks(job.direction, [&] { run_stepwise(course.session(), job, std::move(leftover.entries)); });
  course.finished(job);
}

void undo(Course& course, const Leftover& leftover) {
  Session& session = course.session();
  const StandingEntry& entry = standing_of(course, leftover);
  const auto stored = session.dialect() == Dialect::sqlite
                          ? std::nullopt
                          : read_plan(session.connection(), session.names, entry.id(), "up");
  if (!stored) {
    throw Error(ErrorKind::partial,
                fmt::format("{} ran without a plan: nothing is known that takes its steps back", entry.label()))
        .leaves("some of its statements are done, others are not; this run changed nothing")
        .next("finish it with `martlet resume` and take it back then with `martlet down`");
  }
  const PlannedMigration plan = undo_plan(session, from_stored(stored->plan), stored->state, leftover.entries);
  Job job = course.maker().undo(entry, below(course, entry));
  follow_plan(job, plan);
  course.run_with_hooks(job.direction, [&] { run_stepwise(session, job, {}); });
  course.finished(job);
}

}  // namespace

std::vector<JournalEntry> unfinished_of(Session& session, const Job& job) {
  std::vector<JournalEntry> entries = read_unfinished(session.connection(), session.names);
  std::erase_if(entries, [&](const JournalEntry& entry) {
    return entry.migration != job.id || entry.direction != direction_name(job.direction);
  });
  return entries;
}

void resume_leftovers(Course& course) {
  std::vector<Leftover> leftovers = read_leftovers(course);
  for (Leftover& leftover : leftovers) resume(course, leftover);
  forget_unbegun_plans(course);
  if (!leftovers.empty()) course.look();
}

void resume_downs_only(Course& course) {
  std::vector<Leftover> leftovers = read_leftovers(course);
  for (const Leftover& leftover : leftovers) {
    if (leftover.direction == Direction::down) continue;
    throw Error(ErrorKind::partial, fmt::format("{} was interrupted on its way up", leftover.migration))
        .leaves("some of its statements are done, others are not; this run changed nothing")
        .next(
            "take back what is done of it with `martlet resume --undo`, or finish it with `martlet resume` and take it "
            "back then; or undo its statements by hand and run `martlet repair --not-applied " +
            leftover.migration + "`");
  }
  for (Leftover& leftover : leftovers) resume(course, leftover);
  forget_unbegun_plans(course);
  if (!leftovers.empty()) course.look();
}

void undo_leftovers(Course& course) {
  std::vector<Leftover> leftovers = read_leftovers(course);
  for (Leftover& leftover : leftovers) {
    if (leftover.direction == Direction::up) {
      undo(course, leftover);
    } else {
      resume(course, leftover);
    }
  }
  forget_unbegun_plans(course);
  if (!leftovers.empty()) course.look();
}

void settle_by_hand(Course& course, const std::string& version, LedgerState state) {
  const StandingEntry& entry = find_version(course.entries(), version);
  const std::vector<Leftover> leftovers = read_leftovers(course);
  const bool interrupted = std::any_of(leftovers.begin(), leftovers.end(),
                                       [&](const Leftover& leftover) { return leftover.migration == entry.id(); });
  if (!interrupted) {
    throw Error(ErrorKind::usage, fmt::format("{} was not interrupted: there is nothing to settle", entry.label()))
        .next("to record a version without running it, use `martlet stamp`");
  }
  const HistoryNames& names = course.session().names;
  std::vector<Request> requests{journal_clear(names, entry.id()), plan_forget(names, entry.id(), "up"),
                                plan_forget(names, entry.id(), "down")};
  const bool in_ledger = entry.row != nullptr;
  if (state == LedgerState::applied && entry.migration && !in_ledger) {
    for (Request& request : course.maker().up(*entry.migration).record(Milliseconds(0))) {
      requests.push_back(std::move(request));
    }
  } else {
    if (in_ledger) {
      requests.push_back(record_state(names, entry.id(), state, course.settings().who));
    }
    requests.push_back(
        course.session().audit().append({.event = "repaired",
                                         .migration = entry.id(),
                                         .detail = fmt::format("settled by hand as {}", state_name(state))},
                                        course.settings().who));
  }
  course.session().commit(std::move(requests));
}

}  // namespace martlet
