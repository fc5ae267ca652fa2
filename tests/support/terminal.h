// A program on a terminal of a test's own.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "tests/support/process.h"

namespace martlet::testing {

/// The destructor kills what still runs.
class OnTerminal {
 public:
  OnTerminal(const Command& command, unsigned short rows, unsigned short columns);
  ~OnTerminal();
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  void type(std::string_view keys);
  void resize(unsigned short rows, unsigned short columns);
  void signal(int number);
  /// Everything that it has written so far.
  const std::string& written();
  /// What it has written since it was drawn from the top the last time.
  std::string picture();
  /// Its wait status, once it has ended.
  int wait();
  /// True where keys come one by one, unseen.
  bool is_raw() const;

 private:
  int terminal_ = -1;
  pid_t pid_ = -1;
  std::string written_;
};

}  // namespace martlet::testing
