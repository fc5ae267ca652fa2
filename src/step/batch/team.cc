#include "step/batch/team.h"

#include <algorithm>
#include <utility>

#include "base/cancel.h"

namespace martlet {
namespace {

constexpr std::chrono::milliseconds kTick{250};

}  // namespace

BatchTeam::BatchTeam(const BatchContext& run, const BatchSettings& how, const JournalEntry& journal,
                     BatchProgress so_far)
    : context(run),
      settings(how),
      entry(journal),
      sql(so_far.change),
      change(so_far.change),
      progress_(std::move(so_far)),
      places_(progress_.skipped.size()),
      changed_at_start_(progress_.changed()) {}

std::optional<std::size_t> BatchTeam::take() {
  const std::lock_guard lock(mutex_);
  taken_.resize(progress_.ranges.size());
  for (std::size_t i = 0; i < taken_.size() && !stops_; ++i) {
    if (taken_[i] || progress_.ranges[i].done) continue;
    taken_[i] = true;
    return i;
  }
  return std::nullopt;
}

BatchRange BatchTeam::range(std::size_t index) {
  const std::lock_guard lock(mutex_);
  return progress_.ranges[index];
}

void BatchTeam::wait_for_turn() {
  cancel::check();
  if (!context.turn) return;
  const std::lock_guard lock(turn_);
  if (!stops_) context.turn();
}

void BatchTeam::advanced(std::size_t index, const BatchRange& range, std::chrono::microseconds took) {
  const std::lock_guard lock(mutex_);
  progress_.ranges[index] = range;
  ++outcome_.batches;
  outcome_.longest = std::max(outcome_.longest, took);
}

bool BatchTeam::has_skipped(const RowKey& key) {
  const std::lock_guard lock(mutex_);
  return progress_.has_skipped(key);
}

std::optional<std::size_t> BatchTeam::place_to_skip() {
  const std::lock_guard lock(mutex_);
  if (places_ >= static_cast<std::size_t>(std::max(0L, settings.skip_errors))) return std::nullopt;
  return places_++;
}

void BatchTeam::skipped(SkippedRow row) {
  const std::lock_guard lock(mutex_);
  progress_.skipped.push_back(std::move(row));
}

std::vector<SkippedRow> BatchTeam::all_skipped() {
  const std::lock_guard lock(mutex_);
  return progress_.skipped;
}

void BatchTeam::say(BatchRemark remark, std::string text) {
  {
    const std::lock_guard lock(mutex_);
    said_.emplace_back(remark, std::move(text));
  }
  changed_.notify_all();
}

void BatchTeam::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  stops_ = true;
}

void BatchTeam::worker_begins() {
  const std::lock_guard lock(mutex_);
  ++at_work_;
}

void BatchTeam::worker_ends() {
  {
    const std::lock_guard lock(mutex_);
    --at_work_;
  }
  changed_.notify_all();
}

void BatchTeam::watch() {
  std::unique_lock lock(mutex_);
  for (bool working = true; working;) {
    changed_.wait_for(lock, kTick, [this] { return at_work_ == 0 || !said_.empty(); });
    working = at_work_ > 0;
    const auto remarks = std::exchange(said_, {});
    const BatchNews now = news();
    lock.unlock();
    for (const auto& [remark, text] : remarks) {
      if (context.say) context.say(remark, text);
    }
    if (context.progress) context.progress(now);
    lock.lock();
  }
  taken_.clear();
  if (failure_) std::rethrow_exception(failure_);
}

double BatchTeam::part_done() const {
  const auto all = static_cast<double>(progress_.ranges.size());
  double done = 0, changed = 0;
  for (const BatchRange& each : progress_.ranges) {
    if (!each.done) continue;
    ++done;
    changed += static_cast<double>(each.changed);
  }
  // A range that is under way is compared with those that are done, or with what the table's statistics say.
  const double usual = done > 0 ? changed / done : change.rows / all;
  double part = done;
  for (const BatchRange& each : progress_.ranges) {
    if (!each.done && usual > 0) part += std::min(0.95, static_cast<double>(each.changed) / usual);
  }
  return all > 0 ? part / all : 1;
}

BatchNews BatchTeam::news() {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started_;
  BatchNews news{.changed = progress_.changed(), .part = part_done()};
  news.per_second = static_cast<double>(news.changed - changed_at_start_) / std::max(elapsed.count(), 0.001);
  // Later passes only look for rows that were written meanwhile.
  if (progress_.pass == 1 && news.part > 0 && news.per_second > 0) {
    const double rows_left = static_cast<double>(news.changed) / news.part * (1 - news.part);
    news.left = std::chrono::milliseconds(static_cast<long long>(1000 * rows_left / news.per_second));
  }
  return news;
}

BatchOutcome BatchTeam::outcome() {
  const std::lock_guard lock(mutex_);
  BatchOutcome result = outcome_;
  result.changed = progress_.changed();
  result.skipped = progress_.skipped;
  return result;
}

}  // namespace martlet
