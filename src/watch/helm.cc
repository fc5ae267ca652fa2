#include "watch/helm.h"

#include <fmt/format.h>

#include "base/cancel.h"
#include "history/lease.h"

namespace martlet {
namespace {

// A run that is shorter cannot be steered by anybody, and should not pay for a second connection.
constexpr std::chrono::milliseconds kTooShort{250};
constexpr std::chrono::milliseconds kBetweenReports{250};
constexpr std::chrono::milliseconds kBetweenLooks{100};  // at the wish of a run that is paused
constexpr std::chrono::milliseconds kBetweenQuestions{1000};
// A reason with figures in it changes all the time; that it is another one is not said more often than this.
constexpr std::chrono::seconds kSayAgain{10};
constexpr std::chrono::seconds kBetweenHeartbeats{5};  // far less than a lease expires in
constexpr long kNap = 100;

Error aborted(const Wishes& wishes, const std::string& remains) {
  Error error(ErrorKind::cancelled, fmt::format("ended by {} with `martlet run abort`", wishes.wished_by));
  if (!remains.empty()) error.with_detail(remains);
  error.next("run the same command again to go on from there");
  return error;
}

}  // namespace

Helm::Helm(Observer& observer, HistoryNames names, std::string run_id, Say say)
    : observer_(observer), names_(std::move(names)), run_id_(std::move(run_id)), say_(std::move(say)) {}

void Helm::start() {
  const std::lock_guard lock(mutex_);
  begun_ = Clock::now();
}

void Helm::note(const Event& event) {
  const std::lock_guard lock(mutex_);
  switch (event.kind) {
    case EventKind::migration_started:
      progress_ = {.migration = event.migration, .steps = static_cast<long long>(event.total)};
      break;
    case EventKind::statement_started:
      progress_.step = static_cast<long long>(event.done) + 1;
      progress_.doing = event.place.text();
      progress_.units_done = progress_.units_total = 0;
      unit_rate_ = {};
      break;
    case EventKind::statement_progress:
      note_units(event);
      break;
    case EventKind::statement_finished:
      progress_.step = static_cast<long long>(event.done) + 1;
      progress_.state = RunPhase::running;
      progress_.reason.clear();
      break;
    case EventKind::waiting_for_lock:
    case EventKind::waiting_for_lease:
    case EventKind::retrying:
      progress_.state = RunPhase::waiting;
      progress_.reason = event.text;
      break;
    default:
      break;
  }
}

void Helm::note_units(const Event& event) {
  const auto done = static_cast<long long>(event.done);
  const auto now = Clock::now();
  if (unit_rate_.since == Clock::time_point()) unit_rate_ = {now, done};
  const double seconds = std::chrono::duration<double>(now - unit_rate_.since).count();
  if (seconds > 0) progress_.units_per_second = static_cast<double>(done - unit_rate_.from) / seconds;
  progress_.units_done = done;
  progress_.units_total = static_cast<long long>(event.total);
  progress_.unit = "rows";
}

std::string Helm::limits() const {
  const std::lock_guard lock(mutex_);
  return wished_.limits;
}

void Helm::report(Haste haste) {
  const auto now = Clock::now();
  RunProgress progress;
  {
    const std::lock_guard lock(mutex_);
    if (!begun_) return;
    if (haste == Haste::when_due && (now - *begun_ < kTooShort || now < next_report_)) return;
    next_report_ = now + kBetweenReports;
    progress = progress_;
  }
  observer_.look([&](Connection& observer) {
    Wishes wishes = report_to_control(observer, names_, run_id_, progress);
    if (now >= next_heartbeat_) {
      observer.execute(renew_lease(names_, run_id_));
      next_heartbeat_ = now + kBetweenHeartbeats;
    }
    const std::lock_guard lock(mutex_);
    wished_ = std::move(wishes);
    reported_ = true;
  });
}

bool Helm::is_watched() const {
  const std::lock_guard lock(mutex_);
  return reported_;
}

void Helm::stand(RunPhase state, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  progress_.state = state;
  progress_.reason = reason;
}

void Helm::glance() noexcept {
  try {
    report(Haste::when_due);
    const std::lock_guard lock(mutex_);
    if (wished_.wish != Wish::abort_now || cancelled_) return;
    cancelled_ = true;  // once: what cleans up afterwards is to run to its end
    cancel::request();
  } catch (...) {
    return;  // cancelled: the statement that is watched notices by itself
  }
}

void Helm::obey_abort(const std::function<std::string()>& remains) const {
  const std::lock_guard lock(mutex_);
  if (wished_.wish == Wish::abort || wished_.wish == Wish::abort_now) throw aborted(wished_, remains ? remains() : "");
}

// A report is a commit, too much for every batch.
void Helm::look_for_wish() {
  observer_.look([&](Connection& observer) {
    Wishes wishes = wishes_of_run(observer, names_, run_id_);
    const std::lock_guard lock(mutex_);
    wished_ = std::move(wishes);
  });
}

// Who watches the run may just have wished something: once it is watched, each safe point looks. Not on SQLite, where a
// second session reads the whole schema anew after each change: there the reports must do, four times a second.
void Helm::safe_point(const std::function<std::string()>& remains) {
  report(Haste::when_due);
  if (is_watched() && names_.dialect != Dialect::sqlite) look_for_wish();
  const auto paused = [this]() -> std::string {
    const std::lock_guard lock(mutex_);
    if (wished_.wish != Wish::pause) return "";
    return fmt::format("paused by {} with `martlet run pause`", wished_.wished_by);
  };
  wait_while(RunPhase::paused, paused, remains);
}

void Helm::wait_while(RunPhase state, const std::function<std::string()>& reason,
                      const std::function<std::string()>& remains) {
  obey_abort(remains);
  std::string why = reason();
  if (why.empty()) return;
  const auto question = state == RunPhase::paused ? kBetweenLooks : kBetweenQuestions;
  Clock::time_point say_again{};
  for (std::string said; !why.empty(); why = reason()) {
    if (why != said && Clock::now() > say_again) {
      say_({.kind = EventKind::paused, .text = why});
      said = why;
      say_again = Clock::now() + kSayAgain;
    }
    stand(state, why);
    nap(question, remains);
  }
  stand(RunPhase::running, "");
  report(Haste::now);
  say_({.kind = EventKind::going_on});
}

void Helm::nap(Clock::duration length, const std::function<std::string()>& remains) {
  report(Haste::now);
  const auto until = Clock::now() + length;
  do {
    cancel::sleep_ms(kNap);
    report(Haste::when_due);
    obey_abort(remains);
  } while (Clock::now() < until);
}

void Helm::end() noexcept {
  try {
    {
      const std::lock_guard lock(mutex_);
      if (!reported_) return;
    }
    stand(RunPhase::ended, "");
    report(Haste::now);
  } catch (...) {
    return;  // the row stays as it is; whose run it is about, the lease tells
  }
}

}  // namespace martlet
