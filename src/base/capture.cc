#include "base/capture.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/cancel.h"
#include "base/error.h"

extern char** environ;

namespace martlet {
namespace {

/// Both ends are closed at the end of the scope, and not inherited by other children.
struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(ErrorKind::usage, "cannot create a pipe");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(std::size_t end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
  std::array<int, 2> ends{-1, -1};
};

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    if (!changes.contains(text.substr(0, text.find('=')))) merged.push_back(text);
  }
  for (const auto& [name, value] : changes) merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

pid_t start(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
            const Pipe& output, const Pipe& errors) {
  std::vector<std::string> words = arguments;
  std::vector<std::string> variables = merged_environment(environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.ends[1], STDERR_FILENO);
  pid_t pid = 0;
  const int failure =
      posix_spawnp(&pid, words[0].c_str(), &actions, nullptr, pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw Error(ErrorKind::usage, "cannot start " + words[0] + ": " + std::strerror(failure));
  return pid;
}

// False at the end of the stream.
bool read_some(int descriptor, std::string& into) {
  std::array<char, 65536> buffer;
  const ssize_t got = read(descriptor, buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) return false;
  into.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

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
  const pid_t pid = start(arguments, environment, output, errors);
  output.close_end(1);
  errors.close_end(1);
  Captured captured;
  const bool finished = read_all(output, errors, captured);
  if (!finished) kill(pid, SIGTERM);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!finished) cancel::check();
  captured.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return captured;
}

}  // namespace martlet
