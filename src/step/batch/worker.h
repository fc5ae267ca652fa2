// One of the sessions that make a batched change: takes a range of keys, and goes through it batch by batch.
#pragma once

#include "step/batch/sizing.h"
#include "step/batch/team.h"

namespace martlet {

class BatchWorker {
 public:
  BatchWorker(BatchTeam& team, Connection& connection);

  /// Takes ranges until none is left. Failures go to the team; throws nothing.
  void run() noexcept;

 private:
  using Clock = std::chrono::steady_clock;
  /// The rows of one batch: up to and with `until` (empty = to the range's end).
  struct Stretch {
    RowKey until;
    bool is_last = false;  // of its range
    bool is_full = false;  // it has as many rows to change as were asked for
  };

  void go_through(std::size_t index);
  Stretch next_stretch(const BatchRange& range);
  Stretch next_pages(const BatchRange& range);
  RowKey look(const Request& request);
  void make(std::size_t index, BatchRange& range, const Stretch& stretch);
  /// In one transaction with its place in the journal, to which the number of rows changed is added.
  void commit(std::size_t index, BatchRange& reached, const Stretch& stretch, const RowKey& after);
  void commit_skip(std::size_t index, const BatchRange& reached, const SkippedRow& row, std::size_t place);
  /// Makes the next attempt smaller, or throws.
  void after_failure(std::size_t index, BatchRange& range, const Stretch& stretch, const Error& error);
  void try_later(const Error& error);
  void skip(std::size_t index, BatchRange& range, const RowKey& key, const Error& error);

  BatchTeam& team_;
  Connection& connection_;
  BatchSizing sizing_;
  std::optional<Clock::time_point> failing_since_;
  long pause_ = 0;  // before the next attempt, ms
};

}  // namespace martlet
