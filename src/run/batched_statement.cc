#include "run/batched_statement.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "run/leftovers.h"
#include "step/batch/run_batches.h"

namespace martlet {
namespace {

constexpr int kMostFruitlessAttempts = 3;
constexpr std::size_t kMostShownRows = 20;

std::string grouped(long long number) {
  std::string text = std::to_string(number);
  for (std::ptrdiff_t at = std::ssize(text) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string rate_text(const BatchNews& news) {
  std::string text =
      fmt::format("{} rows, {} rows/s", grouped(news.changed), grouped(static_cast<long long>(news.per_second)));
  if (news.left) text += fmt::format(", about {} left", show_duration(*news.left));
  return text;
}

class BatchedStatement {
 public:
  BatchedStatement(Session& session, const Job& job, const Step& step)
      : session_(session), job_(job), step_(step), wish_(*job.script.statements[index()].batch) {}

  BatchOutcome attempt(const std::optional<JournalEntry>& left) {
    static const BatchChange kInJournal;  // a change that has begun is read from there
    return run_batches(context(), settings(), step_, wish_.change ? *wish_.change : kInJournal, left);
  }

  void conclude(const BatchOutcome& outcome) const {
    if (outcome.batches > 0) {
      const auto longest = std::chrono::duration_cast<Milliseconds>(outcome.longest);
      session_.settings.emit({.kind = EventKind::notice,
                              .migration = job_.label,
                              .text = fmt::format("{} rows changed; {} batches in this run, the longest {} ms",
                                                  grouped(outcome.changed), grouped(outcome.batches), longest.count()),
                              .place = step_.statement.place});
    }
    if (!outcome.skipped.empty()) warn_of_skipped(outcome.skipped);
    if (outcome.more_appear) {
      warn(
          "rows that fit the condition are still being written: what the application writes from now on stays as it "
          "is");
    }
  }

 private:
  std::size_t index() const { return static_cast<std::size_t>(step_.index); }

  BatchSettings settings() const {
    const RunSettings& run = session_.settings;
    return {.target = run.batch_time,
            .workers = static_cast<int>(run.batch_workers),
            .size = wish_.size,
            .pause = wish_.pause,
            .skip_errors = run.skip_errors,
            .lock_wait = job_.lock_wait.value_or(run.lock_wait),
            .lock_deadline = run.lock_deadline,
            .statement_timeout = job_.statement_timeout.value_or(run.statement_timeout)};
  }

  BatchContext context() {
    return {.connection = session_.connection(),
            .connect = [this] { return session_.connect_another(); },
            .names = session_.names,
            .who = session_.settings.who,
            .fence = session_.lease().fence(),
            .turn = [this] { session_.turn(); },
            .progress = [this](const BatchNews& news) { tell_progress(news); },
            .say =
                [this](BatchRemark remark, const std::string& text) {
                  if (remark == BatchRemark::left_out) return warn(text);
                  session_.settings.emit({.kind = EventKind::retrying, .migration = job_.label, .text = text});
                }};
  }

  void tell_progress(const BatchNews& news) const {
    const bool known = news.part > 0.01;
    const double all = known ? static_cast<double>(news.changed) / news.part : 0;
    session_.settings.emit({.kind = EventKind::statement_progress,
                            .migration = job_.label,
                            .text = rate_text(news),
                            .done = static_cast<std::size_t>(news.changed),
                            .total = static_cast<std::size_t>(all),
                            .place = step_.statement.place});
  }

  void warn_of_skipped(const std::vector<SkippedRow>& rows) const {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < std::min(rows.size(), kMostShownRows); ++i) {
      lines.push_back(fmt::format("({}) {}", join(rows[i].key, ", "), rows[i].why));
    }
    if (rows.size() > kMostShownRows) lines.push_back("…");
    warn(fmt::format("{} row{} left as {}: {}", rows.size(), rows.size() == 1 ? " was" : "s were",
                     rows.size() == 1 ? "it was" : "they were", join(lines, "; ")));
  }

  void warn(const std::string& text) const {
    session_.settings.emit(
        {.kind = EventKind::warning, .migration = job_.label, .text = text, .place = step_.statement.place});
  }

  Session& session_;
  const Job& job_;
  const Step& step_;
  const BatchWish& wish_;
};

std::optional<JournalEntry> entry_of(const std::vector<JournalEntry>& left, const Step& step) {
  const auto found = std::ranges::find(left, step.index, &JournalEntry::step);
  return found == left.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

void perform_batched(Session& session, const Job& job, const Step& step, std::vector<JournalEntry>& left,
                     const std::function<void()>& reconnected) {
  BatchedStatement statement(session, job, step);
  int fruitless = 0;
  for (;;) {
    const auto entry = entry_of(left, step);
    try {
      return statement.conclude(statement.attempt(entry));
    } catch (const ConnectionLost& lost) {
      session.reconnect();
      left = unfinished_of(session, job);
      reconnected();
      const auto now = entry_of(left, step);
      const bool moved = now && (!entry || now->cursor != entry->cursor);
      fruitless = moved ? 0 : fruitless + 1;
      if (fruitless >= kMostFruitlessAttempts) throw;
      session.settings.emit({.kind = EventKind::retrying, .migration = job.label, .text = lost.message});
    }
  }
}

}  // namespace martlet
