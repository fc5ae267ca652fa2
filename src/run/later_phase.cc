#include "run/later_phase.h"

#include <fmt/format.h>

#include <algorithm>

#include "run/goal.h"
#include "run/leftovers.h"
#include "run/missing_values.h"
#include "run/run_jobs.h"

namespace martlet {
namespace {

Error not_in_phase(const StandingEntry& entry, const LaterPhase& wanted, const WaitingPhase* waiting) {
  const std::string label = entry.label();
  if (!entry.row || !entry.row->counts_as_applied()) {
    return Error(ErrorKind::validation, fmt::format("{} is not applied: its expand phase comes first", label))
        .leaves("nothing was run")
        .next("apply it with `martlet up`");
  }
  if (!waiting) {
    return Error(ErrorKind::refused, fmt::format("{} has nothing to {}", label, phase_name(wanted.phase)))
        .leaves("nothing was run")
        .next("`martlet status` shows which migrations wait for a phase");
  }
  const bool first = waiting->next == Phase::contract;
  return Error(ErrorKind::refused,
               fmt::format("{} is {}", label,
                           first ? "expanded, and not contracted yet" : "contracted already: it waits to be finished"))
      .leaves("nothing was run")
      .next(fmt::format("run `martlet {} {}`", phase_name(waiting->next), label));
}

Error not_due(const WaitingPhase& waiting) {
  return Error(ErrorKind::refused,
               fmt::format("{} is not due to be finished before {}", waiting.entry->label(), waiting.due))
      .leaves("nothing was run")
      .next("what it drops can be had back until then with `martlet down`; to drop it at once, add --now");
}

bool may_run(const WaitingPhase& waiting, const LaterPhase& wanted) {
  return wanted.phase == Phase::contract || waiting.is_due || wanted.when == LaterPhase::When::now;
}

std::vector<WaitingPhase> pick_one(Course& course, std::vector<WaitingPhase> waiting, const LaterPhase& wanted) {
  const StandingEntry& entry = find_version(course.entries(), wanted.version);
  const auto found = std::ranges::find(waiting, &entry, &WaitingPhase::entry);
  const WaitingPhase* own = found == waiting.end() ? nullptr : &*found;
  if (!own || own->next != wanted.phase) throw not_in_phase(entry, wanted, own);
  if (!may_run(*own, wanted)) throw not_due(*own);
  return {*own};
}

std::vector<WaitingPhase> pick(Course& course, const LaterPhase& wanted) {
  std::vector<WaitingPhase> waiting = waiting_phases(course);
  if (!wanted.version.empty()) return pick_one(course, std::move(waiting), wanted);
  std::erase_if(waiting, [&](const WaitingPhase& each) { return each.next != wanted.phase; });
  std::erase_if(waiting, [&](const WaitingPhase& each) {
    if (may_run(each, wanted)) return false;
    course.settings().emit({.kind = EventKind::warning,
                            .text = fmt::format("{} is left: it is not due before {}", each.entry->label(), each.due)});
    return true;
  });
  return waiting;
}

bool waits(Course& course, const LaterPhase& wanted) {
  const std::vector<WaitingPhase> waiting = waiting_phases(course);
  const StandingEntry* entry = wanted.version.empty() ? nullptr : &find_version(course.entries(), wanted.version);
  return std::ranges::any_of(
      waiting, [&](const WaitingPhase& each) { return each.next == wanted.phase && (!entry || each.entry == entry); });
}

// Nobody can say that old code is gone where nothing tells.
void tell_not_looked_at(Course& course, const UseFound& found) {
  const UseSettings& use = course.settings().use;
  const bool nothing_tells = use.application.empty() && use.query.empty();
  for (const std::string& each : found.not_looked_at) {
    const auto kind = nothing_tells ? EventKind::warning : EventKind::notice;
    course.settings().emit({.kind = kind, .text = "not looked at: " + each});
  }
}

void look_before(Course& course, const std::vector<WaitingPhase>& waiting) {
  for (const WaitingPhase& each : waiting) {
    if (each.next != Phase::contract) continue;
    refuse_to_lose(course.session(), each);
    refuse_missing_values(course.session(), each);
    const UseFound found = look_for_use(course.session(), each.planned);
    tell_not_looked_at(course, found);
    refuse_in_use(course, each, found);
  }
}

}  // namespace

RunReport run_later_phase(const RunSettings& settings, const LaterPhase& wanted) {
  Course course(settings);
  if (!course.has_leftovers() && pick(course, wanted).empty()) return course.conclude();
  course.take_lease();
  const bool was_interrupted = course.has_leftovers();
  resume_leftovers(course);
  if (was_interrupted && !waits(course, wanted)) return course.conclude();  // that was it
  const std::vector<WaitingPhase> waiting = pick(course, wanted);
  look_before(course, waiting);
  std::vector<Job> jobs = jobs_of_phase(course, waiting);
  run_jobs(course, jobs);
  return course.conclude();
}

std::vector<PhaseLook> look_at_phase(const RunSettings& settings, const LaterPhase& wanted) {
  Course course(settings);
  std::vector<PhaseLook> looks;
  for (WaitingPhase& each : pick(course, wanted)) {
    PhaseLook look{.waiting = std::move(each)};
    look.label = look.waiting.entry->label();
    look.name = look.waiting.entry->name();
    if (wanted.phase == Phase::contract) look.found = look_for_use(course.session(), look.waiting.planned);
    looks.push_back(std::move(look));
  }
  return looks;
}

}  // namespace martlet
