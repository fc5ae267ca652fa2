#include "step/batch/sizing.h"

#include <algorithm>

namespace martlet {
namespace {

constexpr long kFirst = 500;         // rows: 5 ms where each takes 10 µs
constexpr long kMostRows = 100'000;  // memory of the server for a batch's triggers
constexpr long kMostLooked = 500'000;
constexpr int kFarTooLong = 4;  // times the target

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

void BatchSizing::remember(double cost) {
  costs_[full_batches_++ % kRemembered] = cost;
}

double BatchSizing::lowest_cost() const {
  const auto end = costs_.begin() + static_cast<std::ptrdiff_t>(std::min(full_batches_, kRemembered));
  return *std::min_element(costs_.begin(), end);
}

void BatchSizing::took(long long changed, Time elapsed) {
  const double cost =
      static_cast<double>(std::max<long>(1, elapsed.count())) / static_cast<double>(std::max<long long>(1, changed));
  if (elapsed > kFarTooLong * target_) {
    full_batches_ = 0;  // what was known before holds no longer
    remember(cost);
    return set_rows(rows_ / 2);
  }
  if (changed * 2 < rows_) {  // it says nothing about how long a full one would take
    if (elapsed > target_) window_ = std::max(2 * rows_, window_ / 2);
    return;
  }
  remember(cost);
  const double wanted =
      std::min(static_cast<double>(target_.count()) / lowest_cost(), 2.0 * static_cast<double>(rows_));
  if (wanted < static_cast<double>(rows_) || !held_) set_rows(static_cast<long>(wanted));
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
