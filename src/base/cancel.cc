#include "base/cancel.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>

#include "base/error.h"

namespace martlet::cancel {
namespace {

std::atomic<int> requests{0};
std::atomic<int> signals{0};  // not forgotten by reset(): clean-up can be ended too

// A self-pipe: the only thing that a signal handler may do to wake a poll() is to write to a descriptor.
const std::array<int, 2>& pipe_ends() {
  static const std::array<int, 2> ends = [] {
    std::array<int, 2> made{-1, -1};
    if (pipe2(made.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw Error(ErrorKind::usage, "cannot create a pipe");
    return made;
  }();
  return ends;
}

// What starts us (timeout, make, npm) may pass on a Ctrl-C that the terminal has sent to us as well: no person is so
// fast, and it is still the first.
constexpr long long kEchoMs = 20;
std::atomic<long long> first_signal_ms{0};

long long monotonic_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);  // allowed in a signal handler
  return now.tv_sec * 1000LL + now.tv_nsec / 1'000'000;
}

void on_signal(int) {
  if (signals.fetch_add(1) == 0) {
    first_signal_ms = monotonic_ms();
    return request();
  }
  if (monotonic_ms() - first_signal_ms > kEchoMs) _exit(1);
}

}  // namespace

void install_signal_handlers() {
  pipe_ends();
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

void request() {
  if (requests.fetch_add(1) == 0) {
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = write(pipe_ends()[1], &byte, 1);
  }
}

bool requested() {
  return requests.load() > 0;
}

void reset() {
  requests = 0;
  char byte;
  while (read(pipe_ends()[0], &byte, 1) > 0) {
  }
}

int descriptor() {
  return pipe_ends()[0];
}

void check() {
  if (requested()) throw Error(ErrorKind::cancelled, "cancelled");
}

void sleep_ms(long milliseconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  for (;;) {
    check();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    pollfd waits{descriptor(), POLLIN, 0};
    poll(&waits, 1, static_cast<int>(left.count()));
  }
}

}  // namespace martlet::cancel
