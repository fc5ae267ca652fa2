#include "scratch/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace martlet {
namespace {

constexpr int kCannotStart = 127;

// Between fork and exec only calls that are safe in a program with threads.
[[noreturn]] void become(char* const* arguments, const passwd* user, int log, pid_t parent) {
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  const bool changed = !user || (setgroups(0, nullptr) == 0 && setgid(user->pw_gid) == 0 && setuid(user->pw_uid) == 0);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after setuid, which clears it
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);  // a Ctrl-C on the terminal is not for it
  if (changed && getppid() == parent && chdir("/") == 0) execvp(arguments[0], arguments);
  _exit(kCannotStart);
}

}  // namespace

Child::Child(const ChildCommand& command) {
  const passwd* user = command.user.empty() ? nullptr : getpwnam(command.user.c_str());
  if (!command.user.empty() && !user) {
    throw Error(ErrorKind::connection, fmt::format("there is no system user \"{}\"", command.user));
  }
  std::vector<std::string> texts = command.arguments;
  std::vector<char*> arguments;
  for (std::string& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  const int log = open(command.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0)
    throw Error(ErrorKind::connection, fmt::format("cannot write {}: {}", command.log.string(), std::strerror(errno)));
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(arguments.data(), user, log, parent);
  const int failure = errno;
  close(log);
  if (pid_ < 0)
    throw Error(ErrorKind::connection, fmt::format("cannot start {}: {}", texts[0], std::strerror(failure)));
}

Child::~Child() {
  if (!running()) return;
  signal(SIGKILL);
  wait();
}

bool Child::reap(int flags) {
  if (ended_) return true;
  pid_t answer = 0;
  while ((answer = waitpid(pid_, &status_, flags)) < 0 && errno == EINTR) {
  }
  ended_ = answer != 0;
  return ended_;
}

bool Child::running() {
  return !reap(WNOHANG);
}

void Child::signal(int number) {
  if (running()) kill(pid_, number);
}

int Child::wait() {
  reap(0);
  return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
}

}  // namespace martlet
