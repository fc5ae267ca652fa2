#include "step/batch/sizing.h"

#include <algorithm>

namespace martlet {
namespace {

constexpr long kFirst = 500;         // rows: 5 ms where each takes 10 µs
constexpr long kMostRows = 100'000;  // memory of the server for a batch's triggers
constexpr long kMostLooked = 500'000;

}  // namespace

BatchSizing::BatchSizing(Time target, long most)
    : target_(target), most_(most > 0 ? std::min(most, kMostRows) : kMostRows) {
  rows_ = std::min(kFirst, most_);
  window_ = 2 * rows_;
}

void BatchSizing::set_rows(long rows) {
  rows_ = std::clamp(rows, 1L, most_);
  window_ = std::clamp(window_, 2 * rows_, std::max(2 * rows_, kMostLooked));
}

void BatchSizing::took(long long changed, Time elapsed) {
  const double ratio = static_cast<double>(target_.count()) / static_cast<double>(std::max<long>(1, elapsed.count()));
  if (ratio < 1) return set_rows(static_cast<long>(static_cast<double>(rows_) * std::max(ratio, 0.5)));
  // A batch that was not full says nothing about how long a full one would take.
  if (held_ || changed * 2 < rows_) return;
  set_rows(static_cast<long>(static_cast<double>(rows_) * std::min(1 + (ratio - 1) / 2, 2.0)) + 1);
}

void BatchSizing::found_too_few(Time elapsed) {
  if (elapsed > target_) {
    window_ = std::max(2 * rows_, window_ / 2);
  } else if (elapsed < target_ / 2) {
    window_ = std::min(window_ * 2, std::max(2 * rows_, kMostLooked));
  }
}

void BatchSizing::failed() {
  set_rows(rows_ / 2);
}

}  // namespace martlet
