#include "step/batch/worker.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "base/cancel.h"
#include "base/failpoint.h"
#include "history/record.h"
#include "step/batch/failures.h"

namespace martlet {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr long kFirstPause = 20, kLongestPause = 1000;  // ms
constexpr double kRowsOnPage = 50;                      // where nothing is known of the table

// Jitter keeps two sessions that met in a deadlock from meeting again.
long jittered(long pause) {
  static thread_local std::minstd_rand random(std::random_device{}());
  return std::uniform_int_distribution<long>(pause / 2, pause)(random);
}

RowKey key_in(const Result& result) {
  RowKey key;
  if (result.rows.empty()) return key;
  for (const Value& each : result.rows.front()) key.push_back(each.value_or(""));
  return key;
}

}  // namespace

BatchWorker::BatchWorker(BatchTeam& team, Connection& connection)
    : team_(team), connection_(connection), sizing_(team.settings.target, team.settings.size) {}

void BatchWorker::run() noexcept {
  try {
    while (const auto index = team_.take()) go_through(*index);
  } catch (...) {
    connection_.rollback();
    team_.fail(std::current_exception());
  }
  team_.worker_ends();
}

void BatchWorker::go_through(std::size_t index) {
  BatchRange range = team_.range(index);
  if (range.after.empty()) range.after = range.from;
  while (!range.done && !team_.stops()) {
    team_.wait_for_turn();
    make(index, range, next_stretch(range));
    if (team_.settings.pause.count() > 0) cancel::sleep_ms(team_.settings.pause.count());
  }
}

RowKey BatchWorker::look(const Request& request) {
  try {
    return key_in(connection_.execute(request));
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error& error) {
    throw explain_policies(error, team_.change);
  }
}

// Counted are the rows that are to be changed, so that a batch is no longer where they lie close than where they are
// few.
BatchWorker::Stretch BatchWorker::next_stretch(const BatchRange& range) {
  if (team_.sql.by_page()) return next_pages(range);
  const auto start = Clock::now();
  RowKey key = look(team_.sql.nth_to_change(range.after, range.until, sizing_.rows(), sizing_.window()));
  if (!key.empty()) return {.until = std::move(key), .is_full = true};
  if (!team_.change.condition.empty()) {
    sizing_.found_too_few(duration_cast<microseconds>(Clock::now() - start));
    key = look(team_.sql.nth(range.after, range.until, sizing_.window()));
    if (!key.empty()) return {.until = std::move(key)};
  }
  return {.until = range.until, .is_last = true};
}

BatchWorker::Stretch BatchWorker::next_pages(const BatchRange& range) {
  const BatchChange& change = team_.change;
  const bool known = change.rows > 0 && change.pages > 0;
  const double on_page = known ? change.rows / static_cast<double>(change.pages) : kRowsOnPage;
  const auto pages = std::max(1LL, static_cast<long long>(static_cast<double>(sizing_.window()) / on_page));
  long long first = 0;
  if (!range.after.empty()) {
    const long long page = page_of(range.after);
    first = range.after == end_of_page(page) ? page + 1 : page;
  }
  const bool reaches_end = first + pages > page_of(range.until);
  const RowKey end = reaches_end ? range.until : end_of_page(first + pages - 1);
  const auto start = Clock::now();
  RowKey row = look(team_.sql.nth_to_change(range.after, end, sizing_.rows(), 0));
  if (!row.empty()) return {.until = std::move(row), .is_full = true};
  sizing_.found_too_few(duration_cast<microseconds>(Clock::now() - start));
  return {.until = end, .is_last = reaches_end};
}

void BatchWorker::make(std::size_t index, BatchRange& range, const Stretch& stretch) {
  BatchRange reached = range;
  reached.after = stretch.until;
  reached.done = stretch.is_last;
  const auto start = Clock::now();
  try {
    commit(index, reached, stretch, range.after);
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error& error) {
    connection_.rollback();
    return after_failure(index, range, stretch, error);
  }
  const auto took = duration_cast<microseconds>(Clock::now() - start);
  sizing_.took(reached.changed - range.changed, took);
  failing_since_.reset();
  range = std::move(reached);
  team_.advanced(index, range, took);
}

// In two parts: how many rows it changed is written down with it.
void BatchWorker::commit(std::size_t index, BatchRange& reached, const Stretch& stretch, const RowKey& after) {
  const std::vector<Request> change{{"BEGIN", {}}, team_.context.fence, team_.sql.change(after, stretch.until)};
  failpoint("batch-before");
  connection_.pipeline(change, [&](Completion&& completion) {
    if (completion.index + 1 == change.size()) reached.changed += completion.result.affected;
  });
  const nlohmann::json places{{BatchProgress::range_name(index), reached.to_json()}};
  const std::vector<Request> end{
      journal_advance(team_.context.names, team_.entry, places.dump(), team_.context.who),
      {"COMMIT", {}},
  };
  connection_.pipeline(end, [](Completion&&) {});
  failpoint("batch-after-commit");
}

void BatchWorker::after_failure(std::size_t index, BatchRange& range, const Stretch& stretch, const Error& error) {
  if (is_lease_lost(error)) throw explain_lease_lost(error);
  if (is_passing(error)) return try_later(error);
  if (!is_about_rows(error)) throw explain_policies(error, team_.change);
  if (sizing_.rows() > 1) {
    sizing_.failed();
    sizing_.hold(true);
  } else if (stretch.is_full) {
    skip(index, range, stretch.until, error);
  }
}

void BatchWorker::try_later(const Error& error) {
  const auto now = Clock::now();
  if (!failing_since_) {
    failing_since_ = now;
    pause_ = kFirstPause;
  }
  if (now - *failing_since_ > team_.settings.lock_deadline) {
    LockTimeout failure(error);
    failure.kind = ErrorKind::lock;
    failure.next(
        "let the blocking session finish or end it (`martlet locks`), or allow more time with --lock-deadline, then "
        "run `martlet resume`");
    throw failure;
  }
  team_.say(BatchRemark::retrying, error.message);
  sizing_.failed();
  cancel::sleep_ms(jittered(pause_));
  pause_ = std::min(pause_ * 2, kLongestPause);
}

void BatchWorker::skip(std::size_t index, BatchRange& range, const RowKey& key, const Error& error) {
  BatchRange reached = range;
  reached.after = key;
  if (team_.has_skipped(key)) {  // an earlier pass has
    range = reached;
  } else {
    const auto place = team_.place_to_skip();
    if (!place) throw row_failed(error, team_.change, key, team_.all_skipped());
    SkippedRow row{key, error.message};
    commit_skip(index, reached, row, *place);
    range = reached;
    team_.say(BatchRemark::left_out, "left out: " + row_text(team_.change, key) + ": " + error.message);
    team_.skipped(std::move(row));
  }
  sizing_.hold(false);
}

void BatchWorker::commit_skip(std::size_t index, const BatchRange& reached, const SkippedRow& row, std::size_t place) {
  const nlohmann::json places{{BatchProgress::range_name(index), reached.to_json()},
                              {BatchProgress::skipped_name(place), BatchProgress::to_json(row)}};
  const std::vector<Request> requests{
      {"BEGIN", {}},
      team_.context.fence,
      journal_advance(team_.context.names, team_.entry, places.dump(), team_.context.who),
      {"COMMIT", {}},
  };
  connection_.pipeline(requests, [](Completion&&) {});
}

}  // namespace martlet
