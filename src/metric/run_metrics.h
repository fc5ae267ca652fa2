// What a run leaves for Prometheus' node exporter: a text file.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "base/events.h"

namespace martlet {

/// Of one run. Time is what the caller says.
class RunFigures {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Outcome { none, succeeded, failed };  // none: nothing was run

  void note(const Event& event, Time now);

  Outcome outcome() const { return outcome_; }
  double seconds() const { return seconds_; }
  double lock_wait() const { return lock_wait_; }  // in seconds
  long long up() const { return up_; }             // migrations
  long long down() const { return down_; }
  double batch_rows() const { return rows_; }

 private:
  void note_wait(const Event& event, Time now);

  Outcome outcome_ = Outcome::none;
  Time begun_{};
  std::optional<Time> waiting_since_;
  double seconds_ = 0, lock_wait_ = 0, rows_ = 0;
  std::size_t rows_of_statement_ = 0;
  long long up_ = 0, down_ = 0;
};

struct MetricOrigin {
  std::string environment, database, command;
};

/// The text of the file after this run, given the one before it: counters go on, gauges are of the last run of the same
/// environment and database, and the series of others stay. `now` is in seconds since 1970.
std::string textfile_after(const std::string& before, const RunFigures& figures, const MetricOrigin& origin,
                           double now);

/// Replaces the file by one that has this run, all at once, and with no other run's lost. Throws Error{usage} where it
/// cannot be written.
void update_textfile(const std::string& path, const RunFigures& figures, const MetricOrigin& origin);

}  // namespace martlet
