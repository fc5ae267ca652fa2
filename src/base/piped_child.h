// Another program that we read from, or write to, while it runs.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/spawn.h"

namespace martlet {

/// One of its two standard streams is ours; what it writes to standard error is kept (the last 16 kB). The destructor
/// ends a child that still runs. Throws Error{cancelled} when a cancel was requested meanwhile.
class PipedChild {
 public:
  enum class Ours { its_output, its_input };
  /// `environment` goes on top of ours. Throws Error{usage} where the program cannot be started.
  PipedChild(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment,
             Ours ours);
  ~PipedChild();
  PipedChild(const PipedChild&) = delete;
  PipedChild& operator=(const PipedChild&) = delete;

  /// Bytes of its output, 0 at its end.
  std::size_t read(char* into, std::size_t size);
  /// False where the child does not read any more: it has ended, and wait() tells how.
  [[nodiscard]] bool write(std::string_view bytes);
  /// Closes our end and waits. Returns the exit code, or 128 + N where signal N ended it.
  int wait();
  const std::string& errors() const { return errors_; }

 private:
  /// Waits until our stream is ready for `events`, keeping what it says on standard error.
  void wait_for(short events);
  void take_errors();

  Pipe data_, error_pipe_;
  std::size_t our_end_;
  std::string errors_;
  pid_t pid_ = -1;
};

}  // namespace martlet
