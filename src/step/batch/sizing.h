// How many rows the next batch takes, so that it takes about as long as it may.
#pragma once

#include <chrono>

namespace martlet {

/// Grows by half as fast as it shrinks: a batch that is too long is felt by the application, one that is too short is
/// not.
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
  void set_rows(long rows);

  Time target_;
  long most_;
  long rows_;
  long window_;
  bool held_ = false;
};

}  // namespace martlet
