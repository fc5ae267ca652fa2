#include "base/piped_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/cancel.h"

namespace martlet {
namespace {

constexpr std::size_t kErrorsKept = 16 * 1024;
constexpr int kPipeSize = 1024 * 1024;

// A child that ends early closes the pipe: that is an outcome, not a reason to die.
void ignore_broken_pipes() {
  static const bool done = [] { return signal(SIGPIPE, SIG_IGN) != SIG_ERR; }();
  static_cast<void>(done);
}

}  // namespace

PipedChild::PipedChild(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
                       Ours ours)
    : our_end_(ours == Ours::its_output ? 0 : 1) {
  ignore_broken_pipes();
  fcntl(data_.ends[0], F_SETPIPE_SZ, kPipeSize);  // fewer switches between the two; where it is refused it works too
  pid_ = spawn({.arguments = arguments,
                .environment = environment,
                .input = our_end_ == 1 ? data_.ends[0] : -1,
                .output = our_end_ == 0 ? data_.ends[1] : -1,
                .errors = error_pipe_.ends[1]});
  data_.close_end(1 - our_end_);
  error_pipe_.close_end(1);
  fcntl(data_.ends[our_end_], F_SETFL, O_NONBLOCK);
}

PipedChild::~PipedChild() {
  if (pid_ < 0) return;
  kill(pid_, SIGTERM);
  data_.close_end(our_end_);
  wait_for_exit(pid_);
}

void PipedChild::take_errors() {
  if (!read_some(error_pipe_.ends[0], errors_)) error_pipe_.close_end(0);
  if (errors_.size() > kErrorsKept) errors_.erase(0, errors_.size() - kErrorsKept);
}

void PipedChild::wait_for(short events) {
  for (;;) {
    std::array<pollfd, 3> waits{pollfd{data_.ends[our_end_], events, 0}, pollfd{error_pipe_.ends[0], POLLIN, 0},
                                pollfd{cancel::descriptor(), POLLIN, 0}};
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    cancel::check();
    if (waits[1].revents != 0) take_errors();
    if (waits[0].revents != 0) return;
  }
}

std::size_t PipedChild::read(char* into, std::size_t size) {
  for (;;) {
    const ssize_t got = ::read(data_.ends[0], into, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) wait_for(POLLIN);
  }
}

bool PipedChild::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(data_.ends[1], bytes.data(), bytes.size());
    if (put > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EPIPE) {
      return false;
    } else if (errno != EINTR) {
      wait_for(POLLOUT);
    }
  }
  return true;
}

int PipedChild::wait() {
  data_.close_end(our_end_);
  while (error_pipe_.ends[0] >= 0) {
    std::array<pollfd, 2> waits{pollfd{error_pipe_.ends[0], POLLIN, 0}, pollfd{cancel::descriptor(), POLLIN, 0}};
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    cancel::check();
    if (waits[0].revents != 0) take_errors();
  }
  const int code = wait_for_exit(pid_);
  pid_ = -1;
  return code;
}

}  // namespace martlet
