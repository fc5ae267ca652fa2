#include "step/batch/run_batches.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "base/cancel.h"
#include "base/digest.h"
#include "base/failpoint.h"
#include "history/record.h"
#include "history/values.h"
#include "step/batch/failures.h"
#include "step/batch/session.h"
#include "step/batch/team.h"
#include "step/batch/worker.h"

namespace martlet {
namespace {

constexpr int kMostRanges = 32;  // of a table: enough for workers to end together, few enough for a journal entry
constexpr long long kPagesOfRange = 64;  // a smaller range is not worth a cut
constexpr double kSampledPages = 300;
constexpr int kMostPasses = 10;
constexpr int kPagesByTidVersion = 140000;  // before it, a range of ctids reads the whole table

class Batches {
 public:
  Batches(const BatchContext& context, const BatchSettings& settings, const Step& step, const BatchChange& change,
          const std::optional<JournalEntry>& left)
      : context_(context), settings_(settings), step_(step), change_(change), left_(left) {}

  BatchOutcome run() {
    if (left_) refuse_edited(step_, *left_);
    BatchProgress progress =
        left_ ? BatchProgress::from_cursor(Cursor::parse(left_->cursor)) : BatchProgress{.change = change_};
    if (left_ && left_->state == StepState::done) {
      return {.changed = progress.changed(), .skipped = progress.skipped};
    }
    looking_ = open_batch_session(context_, settings_);
    if (!left_) {
      refuse_what_cannot_run();
      progress.ranges = cut_table();
      write(progress, StepState::started);
      failpoint("batch-after-started");
    }
    BatchTeam team(context_, settings_, entry(), std::move(progress));
    try {
      return work(team);
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Error& error) {
      throw explained(team, error);
    }
  }

 private:
  void refuse_what_cannot_run() {
    if (change_.key.empty() && context_.connection.version() < kPagesByTidVersion) {
      throw Error(ErrorKind::refused, change_.table +
                                          " has no key, and before PostgreSQL 14 a range of its pages "
                                          "cannot be read without reading all of it")
          .leaves("nothing was changed")
          .next("give the table a primary key, or a unique index over columns that are NOT NULL");
    }
  }

  BatchOutcome work(BatchTeam& team) {
    for (;;) {
      const long long before = team.progress().changed();
      go_through(team);
      if (!is_another_pass_due(team, before)) break;
      team.progress().begin_pass();
      write(team.progress(), StepState::started);
    }
    failpoint("batch-before-done");
    write(team.progress(), StepState::done);
    BatchOutcome outcome = team.outcome();
    outcome.more_appear = more_appear_;
    return outcome;
  }

  void go_through(BatchTeam& team) {
    const auto left = std::ranges::count(team.progress().ranges, false, &BatchRange::done);
    const auto workers = std::clamp<std::ptrdiff_t>(settings_.workers, 1, std::max<std::ptrdiff_t>(1, left));
    std::vector<std::unique_ptr<Connection>> sessions;
    while (std::ssize(sessions) < workers) sessions.push_back(open_batch_session(context_, settings_));
    std::vector<std::thread> threads;
    for (const auto& session : sessions) {
      team.worker_begins();
      threads.emplace_back([&team, &session] { BatchWorker(team, *session).run(); });
    }
    const auto join_all = [&threads] {
      for (std::thread& each : threads) each.join();
    };
    try {
      team.watch();
    } catch (...) {
      team.fail(std::current_exception());
      join_all();
      throw;
    }
    join_all();
  }

  // Rows may have come behind a worker's back that fit the condition, and rows without a key may have moved there.
  bool is_another_pass_due(BatchTeam& team, long long before) {
    if (change_.kind == BatchChange::Kind::insert || change_.condition.empty()) return false;
    const bool any = !look_through(BatchSql(change_).any_to_change()).rows.empty();
    const BatchProgress& progress = team.progress();
    const bool only_skipped = !progress.skipped.empty() && progress.changed() == before;
    if (!any || only_skipped) return false;
    if (progress.pass < kMostPasses && (progress.pass == 1 || progress.changed() > before)) return true;
    more_appear_ = true;
    return false;
  }

  // In one go through the table, which a range must not do.
  Result look_through(const Request& request) {
    looking_->execute("BEGIN READ ONLY");
    looking_->execute("SET LOCAL enable_seqscan = on");
    looking_->execute("SET LOCAL enable_bitmapscan = on");
    Result result = looking_->execute(request);
    looking_->execute("COMMIT");
    return result;
  }

  std::vector<BatchRange> cut_table() {
    const BatchSql sql(change_);
    const long long pages = number_of(looking_->execute(sql.pages()).rows.front().front());
    const int parts = static_cast<int>(std::clamp<long long>(pages / kPagesOfRange, 1, kMostRanges));
    std::vector<RowKey> cuts = sql.by_page() ? cut_pages(pages, parts) : cut_keys(sql, pages, parts);
    std::vector<BatchRange> ranges;
    RowKey from;
    for (RowKey& each : cuts) {
      ranges.push_back({.from = from, .until = each});
      from = std::move(each);
    }
    if (!sql.by_page()) ranges.push_back({.from = from, .until = upper_end(sql)});
    return ranges;
  }

  std::vector<RowKey> cut_pages(long long pages, int parts) {
    std::vector<RowKey> cuts;
    for (int i = 1; i <= parts; ++i) cuts.push_back(end_of_page(std::max(0LL, pages * i / parts - 1)));
    return cuts;
  }

  std::vector<RowKey> cut_keys(const BatchSql& sql, long long pages, int parts) {
    std::vector<RowKey> cuts;
    if (parts < 2) return cuts;
    const double percent = std::min(100.0, 100 * kSampledPages / static_cast<double>(pages));
    for (const Row& row : look_through(sql.cuts(parts, percent)).rows) {
      cuts.emplace_back();
      for (const Value& each : row) cuts.back().push_back(each.value_or(""));
    }
    return cuts;
  }

  // One statement would not have met the rows that come while it runs. Where a condition tells which rows are still to
  // be changed they are welcome.
  RowKey upper_end(const BatchSql& sql) {
    const bool open = change_.kind != BatchChange::Kind::insert && !change_.condition.empty();
    RowKey key;
    if (open) return key;
    const Result last = looking_->execute(sql.last());
    if (last.rows.empty()) return key;
    for (const Value& each : last.rows.front()) key.push_back(each.value_or(""));
    return key;
  }

  JournalEntry entry() const {
    return {.run_id = context_.who.run_id,
            .migration = step_.migration,
            .direction = step_.direction,
            .step = step_.index,
            .digest = sha256_hex(step_.statement.text)};
  }

  void write(const BatchProgress& progress, StepState state) {
    JournalEntry now = entry();
    now.state = state;
    now.cursor = progress.cursor().text();
    try {
      context_.connection.execute(journal_write(context_.names, now, context_.who));
    } catch (const Error& error) {
      if (is_lease_lost(error)) throw explain_lease_lost(error);
      throw;
    }
  }

  Error explained(BatchTeam& team, Error error) {
    const long long changed = team.progress().changed();
    if (changed == 0 && forget()) return error;
    error.kind = ErrorKind::partial;
    error.leaves(std::to_string(changed) + " rows are changed and stay so; the journal knows how far it got");
    if (error.next_step.empty()) error.next("run `martlet resume`: it goes on from there");
    return error;
  }

  bool forget() noexcept {
    try {
      cancel::reset();
      context_.connection.execute(journal_forget(context_.names, entry()));
      return true;
    } catch (...) {
      return false;
    }
  }

  const BatchContext& context_;
  const BatchSettings& settings_;
  const Step& step_;
  const BatchChange& change_;
  const std::optional<JournalEntry>& left_;
  std::unique_ptr<Connection> looking_;
  bool more_appear_ = false;
};

}  // namespace

BatchOutcome run_batches(const BatchContext& context, const BatchSettings& settings, const Step& step,
                         const BatchChange& change, const std::optional<JournalEntry>& left) {
  return Batches(context, settings, step, change, left).run();
}

long long count_rows(Connection& connection, const BatchChange& change) {
  return number_of(connection.execute(BatchSql(change).count()).rows.front().front());
}

}  // namespace martlet
