// A server program as a child process, under another user where it refuses to run as root.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace martlet {

struct ChildCommand {
  std::vector<std::string> arguments;  // the first is the program, looked up in PATH unless it has a slash
  std::string user;                    // "" = the user we are
  std::filesystem::path log;           // where standard output and error are appended
};

/// Started by the constructor, which throws Error{connection} where that is not possible. Should the thread that
/// started it die without a word, the child gets SIGQUIT. The destructor kills it.
class Child {
 public:
  explicit Child(const ChildCommand& command);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number);
  /// Waits for its end. Returns the exit code, or 128 + the signal that killed it.
  int wait();

 private:
  bool reap(int flags);

  pid_t pid_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace martlet
