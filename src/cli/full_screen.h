// A terminal as one screen that is drawn again and again.
#pragma once

#include <termios.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace martlet {

/// Takes the terminal's other screen and gives the first one back as it was, whatever ends its scope: keys come one by
/// one and unseen, Ctrl-C still ends the program. Plain ANSI, of one write a picture: usable over slow lines.
class FullScreen {
 public:
  struct Size {
    std::size_t rows = 24, columns = 80;
  };

  /// Throws Error{usage} where standard input or output is no terminal.
  FullScreen();
  ~FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;

  /// Asked anew each time: windows change.
  Size size() const;
  /// From the top; what does not fit below is left out. Lines must fit already.
  void draw(const std::vector<std::string>& lines) const;
  /// A key, or nullopt when none came in this time. Throws Error{cancelled} after Ctrl-C or SIGTERM.
  std::optional<char> key(std::chrono::milliseconds patience) const;

 private:
  termios before_{};
};

}  // namespace martlet
