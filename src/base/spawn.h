// Starting other programs: pipes, environment, the end of a child.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace martlet {

/// Both ends are closed at the end of the scope, and not inherited by other children. Throws Error{usage} where the
/// system has none left.
struct Pipe {
  Pipe();
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(std::size_t end);

  std::array<int, 2> ends{-1, -1};  // read from [0], write to [1]; -1 = closed
};

struct SpawnOrder {
  std::vector<std::string> arguments;              // the first is the program, looked up in PATH unless it has a slash
  std::map<std::string, std::string> environment;  // on top of ours: where secrets belong, as everybody sees arguments
  int input = -1;                                  // the child's standard streams; -1 = /dev/null
  int output = -1;
  int errors = -1;
  enum class Group { ours, own } group = Group::ours;  // own: what it starts can be ended with it, by kill(-pid, …)
};

/// Throws Error{usage} where the program cannot be started.
pid_t spawn(const SpawnOrder& order);

/// Waits for the child's end. Returns its exit code, or 128 + N where signal N ended it.
int wait_for_exit(pid_t pid);

/// Appends what can be read now; false at the end of the stream.
bool read_some(int descriptor, std::string& into);

}  // namespace martlet
