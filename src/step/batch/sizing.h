// How many rows the next batch takes, so that it takes about as long as it may.
#pragma once

#include <array>
#include <chrono>

namespace martlet {

/// Follows what a row has cost in the cheapest of the last few full batches: one that was late for reasons of its own
/// (a checkpoint, a lock, a busy disk) says nothing about the next one. Only a batch that is felt by the application,
/// at several times its target, makes the next one smaller at once.
class BatchSizing {
 public:
  using Time = std::chrono::microseconds;
  /// `most`: of rows; 0 = no limit.
  BatchSizing(Time target, long most);

  /// Rows that the next batch is to change, at least 1.
  long rows() const { return rows_; }
  /// Rows to look through for them.
  long window() const { return window_; }

  /// A batch of `changed` rows took that long.
  void took(long long changed, Time elapsed);
  /// Looking for `rows()` rows through `window()` took that long and did not find as many.
  void found_too_few(Time elapsed);
  /// It failed: half of it.
  void failed();
  /// One of the next batch's rows is known to fail, so it does not grow until that row is found.
  void hold(bool held) { held_ = held; }

 private:
  static constexpr std::size_t kRemembered = 3;  // batches
  void remember(double cost);
  double lowest_cost() const;
  void set_rows(long rows);

  Time target_;
  long most_;
  long rows_;
  long window_;
  bool held_ = false;
  std::array<double, kRemembered> costs_{};  // of a row, in microseconds, of the last full batches
  std::size_t full_batches_ = 0;             // that costs_ has seen
};

}  // namespace martlet
