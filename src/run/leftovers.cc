#include "run/leftovers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "run/planned_job.h"
#include "run/stepwise.h"

namespace martlet {
namespace {

struct Leftover {
  std::string migration;
  Direction direction;
  std::vector<JournalEntry> entries;
};

// One a migration, in the order of the journal.
std::vector<Leftover> read_leftovers(Course& course) {
  std::vector<Leftover> leftovers;
  if (!course.has_leftovers()) return leftovers;
  for (JournalEntry& entry : read_unfinished(course.session().connection(), course.session().names)) {
    const Direction direction = entry.direction == "down" ? Direction::down : Direction::up;
    if (leftovers.empty() || leftovers.back().migration != entry.migration) {
      leftovers.push_back({entry.migration, direction, {}});
    }
    leftovers.back().entries.push_back(std::move(entry));
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

Job job_of(Course& course, const Leftover& leftover) {
  const StandingEntry& entry = standing_of(course, leftover);
  Job job = leftover.direction == Direction::down ? course.maker().down(entry, course.version_below(entry))
                                                  : course.maker().up(*entry.migration);
  follow_stored_plan(course.session(), job);
  return job;
}

void resume(Course& course, Leftover& leftover) {
  Job job = job_of(course, leftover);
  course.settings().emit(
      {.kind = EventKind::resuming,
       .migration = job.label,
       .text = fmt::format("{} {} was interrupted: going on from there", job.label, direction_name(job.direction))});
  course.run_with_hooks(job.direction, [&] { run_stepwise(course.session(), job, std::move(leftover.entries)); });
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
  if (!leftovers.empty()) course.look();
}

void resume_downs_only(Course& course) {
  std::vector<Leftover> leftovers = read_leftovers(course);
  for (const Leftover& leftover : leftovers) {
    if (leftover.direction == Direction::down) continue;
    throw Error(ErrorKind::partial, fmt::format("{} was interrupted on its way up", leftover.migration))
        .leaves("some of its statements are done, others are not; this run changed nothing")
        .next(
            "finish it with `martlet resume` and take it back then; or undo its statements by hand and run `martlet "
            "repair --not-applied " +
            leftover.migration + "`");
  }
  for (Leftover& leftover : leftovers) resume(course, leftover);
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
  std::vector<Request> requests{journal_clear(course.session().names, entry.id())};
  const bool in_ledger = entry.row != nullptr;
  if (state == LedgerState::applied && entry.migration && !in_ledger) {
    for (Request& request : course.maker().up(*entry.migration).record(Milliseconds(0))) {
      requests.push_back(std::move(request));
    }
  } else {
    if (in_ledger) {
      requests.push_back(record_state(course.session().names, entry.id(), state, course.settings().who));
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
