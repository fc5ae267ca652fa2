#include "base/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

extern char** environ;

namespace martlet {
namespace {

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

void connect(posix_spawn_file_actions_t& actions, int ours, int theirs) {
  if (ours >= 0) {
    posix_spawn_file_actions_adddup2(&actions, ours, theirs);
  } else {
    posix_spawn_file_actions_addopen(&actions, theirs, "/dev/null", theirs == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
  }
}

}  // namespace

Pipe::Pipe() {
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(ErrorKind::usage, "cannot create a pipe");
}

Pipe::~Pipe() {
  close_end(0);
  close_end(1);
}

void Pipe::close_end(std::size_t end) {
  if (ends[end] >= 0) close(ends[end]);
  ends[end] = -1;
}

pid_t spawn(const SpawnOrder& order) {
  std::vector<std::string> words = order.arguments;
  std::vector<std::string> variables = merged_environment(order.environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  connect(actions, order.input, STDIN_FILENO);
  connect(actions, order.output, STDOUT_FILENO);
  connect(actions, order.errors, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);  // we may ignore it; another program counts on dying of it
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  sigset_t none;
  sigemptyset(&none);  // nor does it inherit what the thread that starts it does not want to hear
  posix_spawnattr_setsigmask(&attributes, &none);
  const bool own_group = order.group == SpawnOrder::Group::own;
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                           (own_group ? POSIX_SPAWN_SETPGROUP : 0)));
  pid_t pid = 0;
  const int failure =
      posix_spawnp(&pid, words[0].c_str(), &actions, &attributes, pointers(words).data(), pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw Error(ErrorKind::usage, "cannot start " + words[0] + ": " + std::strerror(failure));
  return pid;
}

int wait_for_exit(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool read_some(int descriptor, std::string& into) {
  std::array<char, 65536> buffer;
  const ssize_t got = read(descriptor, buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) return false;
  into.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

}  // namespace martlet
