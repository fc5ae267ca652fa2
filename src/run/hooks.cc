#include "run/hooks.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "scratch/folder.h"

extern char** environ;

namespace martlet {
namespace {

std::vector<std::string> hook_environment(const RunSettings& settings, const HookSituation& situation,
                                          const std::string& fence_file) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable; ++variable) variables.emplace_back(*variable);
  variables.push_back("MARTLET_EVENT=" + situation.event);
  variables.push_back("MARTLET_RUN_ID=" + settings.who.run_id);
  variables.push_back("MARTLET_ENVIRONMENT=" + settings.environment);
  variables.push_back("MARTLET_ACTOR=" + settings.who.actor);
  variables.push_back("MARTLET_VERSION=" + situation.version);
  variables.push_back("MARTLET_ERROR=" + situation.error);
  if (!fence_file.empty()) variables.push_back("MARTLET_FENCE_FILE=" + fence_file);
  return variables;
}

// Returns the wait status, or -1 with errno set. The hook's standard output goes to our standard error: ours may be
// JSON.
int run_hook_shell(const std::string& command, std::vector<std::string> variables) {
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  std::string shell = "sh", flag = "-c", text = command;
  char* arguments[] = {shell.data(), flag.data(), text.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  pid_t pid = 0;
  errno = posix_spawn(&pid, "/bin/sh", &actions, nullptr, arguments, environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return -1;
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

bool run_hook(const RunSettings& settings, const std::string& command, const HookSituation& situation) {
  if (command.empty()) return false;
  const ScratchFolder folder;
  const std::filesystem::path fence = folder.path() / "fence";
  settings.emit({.kind = EventKind::hook, .text = situation.event + ": " + command});
  const bool may_fence = situation.event == "before";
  const int status =
      run_hook_shell(command, hook_environment(settings, situation, may_fence ? fence.string() : std::string()));
  if (status == 0) return std::filesystem::exists(fence) && trim(read_file(fence)) == "fenced";
  const std::string how = status < 0            ? std::strerror(errno)
                          : WIFSIGNALED(status) ? fmt::format("killed by signal {}", WTERMSIG(status))
                                                : fmt::format("exit code {}", WEXITSTATUS(status));
  throw Error(ErrorKind::refused, fmt::format("the hook \"{}\" failed: {} ({})", situation.event, command, how));
}

}  // namespace martlet
