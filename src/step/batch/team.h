// What the workers of one batched change share. All of it may be called from their threads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "step/batch/run_batches.h"

namespace martlet {

class BatchTeam {
 public:
  BatchTeam(const BatchContext& context, const BatchSettings& settings, const JournalEntry& entry,
            BatchProgress progress);

  const BatchContext& context;
  const BatchSettings& settings;
  const JournalEntry entry;  // whose cursor the batches advance
  const BatchSql sql;
  const BatchChange change;

  // For workers.

  /// A range of this pass that nobody has; nullopt where there is none, or where the team stops.
  std::optional<std::size_t> take();
  BatchRange range(std::size_t index);
  /// Waits for the caller's turn(). Throws what it throws, and Error{cancelled}.
  void wait_for_turn();
  bool stops() const { return stops_; }
  /// Notes a committed batch.
  void advanced(std::size_t index, const BatchRange& range, std::chrono::microseconds took);
  bool has_skipped(const RowKey& key);
  /// A free place for one more skipped row; nullopt where no more may be left out.
  std::optional<std::size_t> place_to_skip();
  void skipped(SkippedRow row);
  std::vector<SkippedRow> all_skipped();
  void say(BatchRemark remark, std::string text);
  /// Ends the work of all; the first failure is the one that counts.
  void fail(std::exception_ptr failure);

  // For the caller's thread, while no worker runs or beside them.

  void worker_begins();
  void worker_ends();
  /// Until all workers have ended: hands on what they say, and how it goes on. Then throws the first failure.
  void watch();
  /// While no worker runs.
  BatchProgress& progress() { return progress_; }
  BatchOutcome outcome();

 private:
  BatchNews news();
  double part_done() const;

  std::mutex mutex_, turn_;
  std::condition_variable changed_;
  std::atomic<bool> stops_ = false;
  BatchProgress progress_;
  std::vector<bool> taken_;
  std::size_t places_ = 0;  // for skipped rows that are given away
  std::vector<std::pair<BatchRemark, std::string>> said_;
  std::exception_ptr failure_;
  int at_work_ = 0;
  BatchOutcome outcome_;
  const long long changed_at_start_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace martlet
