#include "metric/run_metrics.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/files.h"
#include "metric/exposition.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

constexpr std::array<MetricFamily, 9> kFamilies{{
    {"martlet_runs_total", "counter", "Runs that had something to do, by command and result."},
    {"martlet_migrations_total", "counter", "Migrations that were run, by direction."},
    {"martlet_run_seconds_total", "counter", "Time that runs took."},
    {"martlet_lock_wait_seconds_total", "counter", "Time that runs waited for locks."},
    {"martlet_batch_rows_total", "counter", "Rows that were changed in batches."},
    {"martlet_last_run_timestamp_seconds", "gauge", "When the last run ended."},
    {"martlet_last_run_success", "gauge", "1 where the last run succeeded."},
    {"martlet_last_run_duration_seconds", "gauge", "How long the last run took."},
    {"martlet_last_success_timestamp_seconds", "gauge", "When the last run that succeeded ended."},
}};

double seconds_between(RunFigures::Time from, RunFigures::Time to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

void RunFigures::note(const Event& event, Time now) {
  note_wait(event, now);
  switch (event.kind) {
    case EventKind::run_started:
      begun_ = now;
      break;
    case EventKind::run_finished:
    case EventKind::migration_failed:
      outcome_ = event.kind == EventKind::run_finished ? Outcome::succeeded : Outcome::failed;
      seconds_ = begun_ == Time() ? 0 : seconds_between(begun_, now);
      break;
    case EventKind::migration_finished:
      ++(event.text == "down" ? down_ : up_);
      break;
    case EventKind::statement_started:
      rows_of_statement_ = 0;
      break;
    case EventKind::statement_progress:
      if (event.done > rows_of_statement_) rows_ += static_cast<double>(event.done - rows_of_statement_);
      rows_of_statement_ = event.done;
      break;
    default:
      break;
  }
}

// A wait goes on through attempts, until something was done.
void RunFigures::note_wait(const Event& event, Time now) {
  const bool waits = event.kind == EventKind::waiting_for_lock || event.kind == EventKind::retrying;
  const bool goes_on = event.kind == EventKind::statement_finished || event.kind == EventKind::statement_progress ||
                       event.kind == EventKind::migration_finished || event.kind == EventKind::migration_failed ||
                       event.kind == EventKind::run_finished;
  if (waits && !waiting_since_) waiting_since_ = now;
  if (!goes_on || !waiting_since_) return;
  lock_wait_ += seconds_between(*waiting_since_, now);
  waiting_since_.reset();
}

std::string textfile_after(const std::string& before, const RunFigures& figures, const MetricOrigin& origin,
                           double now) {
  Exposition file(kFamilies);
  file.read(before);
  const bool good = figures.outcome() == RunFigures::Outcome::succeeded;
  const MetricLabels here{{"environment", origin.environment}, {"database", origin.database}};
  const auto also = [&](std::string_view name, std::string value) {
    MetricLabels labels = here;
    labels.emplace_back(name, std::move(value));
    return labels;
  };
  MetricLabels run = also("command", origin.command);
  run.emplace_back("result", good ? "succeeded" : "failed");
  file.add("martlet_runs_total", run, 1);
  file.add("martlet_migrations_total", also("direction", "up"), static_cast<double>(figures.up()));
  file.add("martlet_migrations_total", also("direction", "down"), static_cast<double>(figures.down()));
  file.add("martlet_run_seconds_total", here, figures.seconds());
  file.add("martlet_lock_wait_seconds_total", here, figures.lock_wait());
  file.add("martlet_batch_rows_total", here, figures.batch_rows());
  file.set("martlet_last_run_timestamp_seconds", here, now);
  file.set("martlet_last_run_success", here, good ? 1 : 0);
  file.set("martlet_last_run_duration_seconds", here, figures.seconds());
  if (good) file.set("martlet_last_success_timestamp_seconds", here, now);
  return file.text();
}

void update_textfile(const std::string& path, const RunFigures& figures, const MetricOrigin& origin) {
  const fs::path parent = fs::path(path).parent_path();
  const fs::path folder = parent.empty() ? fs::path(".") : parent;
  // The folder is what is locked: the exporter reads every file in it, and a lock file would be one.
  const Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.is_open() || flock(lock.number(), LOCK_EX) != 0) {
    throw Error(ErrorKind::usage, fmt::format("cannot write {}: {}", path, std::strerror(errno)))
        .next("make the folder, or set metrics.textfile to another place");
  }
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  const std::string before = fs::exists(path) ? read_file(path) : "";
  write_file(path, textfile_after(before, figures, origin, static_cast<double>(now.count())));
}

}  // namespace martlet
