#include "base/capture.h"

#include <poll.h>
#include <signal.h>

#include <array>

#include "base/cancel.h"
#include "base/spawn.h"

namespace martlet {
namespace {

// False where a cancel was requested before the program had closed both streams.
bool read_all(Pipe& output, Pipe& errors, Captured& captured) {
  while (output.ends[0] >= 0 || errors.ends[0] >= 0) {
    std::array<pollfd, 3> waits{pollfd{output.ends[0], POLLIN, 0}, pollfd{errors.ends[0], POLLIN, 0},
                                pollfd{cancel::descriptor(), POLLIN, 0}};
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    if (cancel::requested()) return false;
    if (waits[0].revents != 0 && !read_some(output.ends[0], captured.output)) output.close_end(0);
    if (waits[1].revents != 0 && !read_some(errors.ends[0], captured.errors)) errors.close_end(0);
  }
  return true;
}

}  // namespace

Captured capture(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment) {
  Pipe output, errors;
  const pid_t pid =
      spawn({.arguments = arguments, .environment = environment, .output = output.ends[1], .errors = errors.ends[1]});
  output.close_end(1);
  errors.close_end(1);
  Captured captured;
  const bool finished = read_all(output, errors, captured);
  if (!finished) kill(pid, SIGTERM);
  captured.exit_code = wait_for_exit(pid);
  if (!finished) cancel::check();
  return captured;
}

}  // namespace martlet
