// One line on a terminal that says how far a piece of work is, once it takes more than a second.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

namespace martlet {

/// What is being done, for progress_line.
struct Work {
  std::string title;  // "V006  backfill totals"
  std::string unit;   // "statements"
  std::string note;   // "waiting for pid 4711", "" = none
  std::size_t done = 0;
  std::size_t total = 0;  // 0 = not known
};

/// " V006  backfill totals  ████░░░░  50 %  3 / 6 statements  1.5/s  ETA 2 s", cut to `width`. Without a total: the
/// time spent.
std::string progress_line(const Work& work, std::chrono::milliseconds elapsed, std::size_t width);

/// Draws the line on standard error from a thread of its own, because a long statement gives no sign of life. Does
/// nothing unless `Where::terminal`.
class Progress {
 public:
  enum class Where { nowhere, terminal };
  Progress(Where where, std::size_t width);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin(Work work);
  void advance(std::size_t done);
  void note(std::string text);
  /// Ends the work and wipes the line.
  void end();
  /// Wipes the line, so that something else can be printed; it is drawn again at the next tick.
  void wipe();

 private:
  void draw_until_stopped();
  void wipe_locked();

  std::size_t width_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Work work_;
  std::chrono::steady_clock::time_point started_;
  bool active_ = false;
  bool drawn_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace martlet
