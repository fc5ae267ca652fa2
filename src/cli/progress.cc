#include "cli/progress.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>

#include "base/duration.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kQuietTime{1000};
constexpr milliseconds kTick{200};
constexpr std::size_t kBarWidth = 20;

std::string bar(std::size_t done, std::size_t total) {
  const std::size_t filled = std::min(kBarWidth, kBarWidth * done / total);
  std::string text;
  for (std::size_t i = 0; i < kBarWidth; ++i) text += i < filled ? "█" : "░";
  return text;
}

}  // namespace

std::string progress_line(const Work& work, milliseconds elapsed, std::size_t width) {
  std::string line = fmt::format(" {}  ", work.title);
  if (work.total > 1) {
    line += fmt::format("{} {:>3} %  {} / {} {}", bar(work.done, work.total), 100 * work.done / work.total, work.done,
                        work.total, work.unit);
    if (work.done > 0 && elapsed.count() > 0) {
      const double per_second = 1000.0 * static_cast<double>(work.done) / static_cast<double>(elapsed.count());
      const double left = static_cast<double>(work.total - work.done) / per_second;
      line +=
          fmt::format("  {:.1f}/s  ETA {}", per_second, show_duration(milliseconds(static_cast<long>(left * 1000))));
    }
  } else {
    line += show_duration(elapsed);
  }
  if (!work.note.empty()) line += "  " + work.note;
  return cut_to_width(one_line(line), width);
}

Progress::Progress(Where where, std::size_t width) : width_(width) {
  if (where == Where::nowhere) return;
  // Ctrl-C is for the thread that works: this one must not swallow it while the other waits in a system call.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  thread_ = std::thread([this] { draw_until_stopped(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    wipe_locked();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::begin(Work work) {
  const std::lock_guard lock(mutex_);
  work_ = std::move(work);
  started_ = std::chrono::steady_clock::now();
  active_ = true;
}

void Progress::advance(std::size_t done) {
  const std::lock_guard lock(mutex_);
  work_.done = done;
  work_.note.clear();
}

void Progress::note(std::string text) {
  const std::lock_guard lock(mutex_);
  work_.note = std::move(text);
}

void Progress::end() {
  const std::lock_guard lock(mutex_);
  active_ = false;
  wipe_locked();
}

void Progress::wipe() {
  const std::lock_guard lock(mutex_);
  wipe_locked();
}

void Progress::wipe_locked() {
  if (!drawn_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

void Progress::draw_until_stopped() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kTick, [this] { return stopped_; })) {
    const auto elapsed = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started_);
    if (!active_ || elapsed < kQuietTime) continue;
    fmt::print(stderr, "\r{}\033[K", progress_line(work_, elapsed, width_ - 1));
    std::fflush(stderr);
    drawn_ = true;
  }
}

}  // namespace martlet
