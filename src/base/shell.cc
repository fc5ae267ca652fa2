#include "base/shell.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <array>
#include <chrono>

#include "base/cancel.h"
#include "base/error.h"
#include "base/spawn.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::size_t kKept = 4096;

enum class End { closed, late, cancelled };

// Until the command has closed its streams: one that leaves a child behind with them open counts as not done.
End read_until(int from, std::string& into, std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return End::late;
    std::array<pollfd, 2> waits{pollfd{from, POLLIN, 0}, pollfd{cancel::descriptor(), POLLIN, 0}};
    if (poll(waits.data(), waits.size(), static_cast<int>(left.count())) < 0) continue;
    if (cancel::requested()) return End::cancelled;
    if (waits[0].revents != 0 && !read_some(from, into)) return End::closed;
    if (into.size() > 2 * kKept) into.erase(0, into.size() - kKept);
  }
}

}  // namespace

ShellOutcome run_shell(const std::string& command, const std::map<std::string, std::string>& environment,
                       Milliseconds limit) {
  Pipe output;
  const pid_t pid = spawn({.arguments = {"/bin/sh", "-c", command},
                           .environment = environment,
                           .output = output.ends[1],
                           .errors = output.ends[1],
                           .group = SpawnOrder::Group::own});
  output.close_end(1);
  ShellOutcome outcome;
  const End end = read_until(output.ends[0], outcome.output, std::chrono::steady_clock::now() + limit);
  if (end != End::closed) kill(-pid, SIGKILL);
  outcome.exit_code = wait_for_exit(pid);
  if (end == End::cancelled) cancel::check();
  if (end == End::late) {
    throw Error(ErrorKind::refused, fmt::format("the command did not end within {}", show_duration(limit)));
  }
  return outcome;
}

std::string last_line(const std::string& output) {
  const std::vector<std::string> lines = split_list(output, '\n');
  return lines.empty() ? "" : lines.back();
}

}  // namespace martlet
