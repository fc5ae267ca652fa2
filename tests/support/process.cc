#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <thread>

extern char** environ;

namespace martlet::testing {
namespace {

// Files in memory instead of pipes: nothing can block, and they can be read at any moment.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& content = "") : number_(memfd_create("test", MFD_CLOEXEC)) {
    if (number_ < 0 || write(number_, content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
      throw std::runtime_error("cannot make a file in memory");
    }
    lseek(number_, 0, SEEK_SET);
  }
  ~MemoryFile() { close(number_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int number() const { return number_; }
  std::string content() const {
    struct stat about {};
    fstat(number_, &about);
    std::string text(static_cast<std::size_t>(about.st_size), '\0');
    const ssize_t got = pread(number_, text.data(), text.size(), 0);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
  }

 private:
  int number_;
};

bool is_inherited(std::string_view variable) {
  for (const std::string_view dropped : {"PG", "MARTLET_", "DATABASE_URL=", "SUPABASE_DB_URL="}) {
    if (variable.starts_with(dropped)) return false;
  }
  return true;
}

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable; ++variable) {
    const std::string text = *variable;
    if (is_inherited(text) && !command.environment.contains(text.substr(0, text.find('=')))) variables.push_back(text);
  }
  for (const auto& [name, value] : command.environment) {
    if (value) variables.push_back(name + "=" + *value);
  }
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

}  // namespace

struct Process::State {
  explicit State(const std::string& text) : input(text) {}
  MemoryFile input;
  MemoryFile output;
  MemoryFile errors;
  pid_t pid = -1;
  bool ended = false;
  int status = 0;
};

Process::Process(const Command& command) : state_(std::make_unique<State>(command.input)) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = environment_of(command);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, state_->input.number(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, state_->output.number(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, state_->errors.number(), STDERR_FILENO);
  if (!command.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
  const int failure = posix_spawnp(&state_->pid, arguments.at(0).c_str(), &actions, nullptr, pointers(arguments).data(),
                                   pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error("cannot run " + arguments.at(0) + ": " + std::strerror(failure));
}

Process::Process(Process&&) noexcept = default;

Process::~Process() {
  if (!state_ || !running()) return;
  signal(SIGKILL);
  waitpid(state_->pid, &state_->status, 0);
}

pid_t Process::pid() const {
  return state_->pid;
}

bool Process::running() {
  if (!state_->ended) state_->ended = waitpid(state_->pid, &state_->status, WNOHANG) != 0;
  return !state_->ended;
}

void Process::signal(int number) {
  if (running()) kill(state_->pid, number);
}

Finished Process::wait(std::chrono::seconds patience) {
  if (!eventually([this] { return !running(); }, patience)) {
    signal(SIGKILL);
    throw std::runtime_error("it did not end in time; output: " + out() + err());
  }
  Finished finished{.out = out(), .err = err()};
  if (WIFEXITED(state_->status)) finished.exit_code = WEXITSTATUS(state_->status);
  if (WIFSIGNALED(state_->status)) finished.signal = WTERMSIG(state_->status);
  return finished;
}

std::string Process::out() const {
  return state_->output.content();
}

std::string Process::err() const {
  return state_->errors.content();
}

Finished run(const Command& command) {
  return Process(command).wait(std::chrono::seconds(600));
}

bool eventually(const std::function<bool()>& condition, std::chrono::seconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::ostream& operator<<(std::ostream& stream, const Finished& finished) {
  if (finished.signal != 0) return stream << "signal " << finished.signal << "\n" << finished.out << finished.err;
  return stream << "exit code " << finished.exit_code << "\n" << finished.out << finished.err;
}

}  // namespace martlet::testing
