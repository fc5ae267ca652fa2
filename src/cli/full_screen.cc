#include "cli/full_screen.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "base/cancel.h"
#include "base/descriptor.h"
#include "base/error.h"

namespace martlet {
namespace {

// The other screen, the cursor hidden; and back.
constexpr std::string_view kEnter = "\033[?1049h\033[?25l\033[2J";
constexpr std::string_view kLeave = "\033[?25h\033[?1049l";

void put(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // a terminal that is gone: the next key() tells
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

FullScreen::FullScreen() {
  if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before_) != 0) {
    throw Error(ErrorKind::usage, "a full screen needs a terminal");
  }
  termios keys = before_;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  keys.c_cc[VSUSP] = _POSIX_VDISABLE;  // suspended, it would leave the shell on this screen
  tcsetattr(STDIN_FILENO, TCSANOW, &keys);
  put(kEnter);
}

FullScreen::~FullScreen() {
  put(kLeave);
  tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

FullScreen::Size FullScreen::size() const {
  winsize window{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_row == 0 || window.ws_col == 0) return {};
  return {window.ws_row, window.ws_col};
}

void FullScreen::draw(const std::vector<std::string>& lines) const {
  std::string picture = "\033[H";
  const std::size_t shown = std::min(lines.size(), size().rows);
  for (std::size_t i = 0; i < shown; ++i) {
    picture += lines[i] + "\033[K";
    if (i + 1 < shown) picture += "\n";
  }
  put(picture + "\033[J");
}

std::optional<char> FullScreen::key(std::chrono::milliseconds patience) const {
  pollfd waits[]{{STDIN_FILENO, POLLIN, 0}, {cancel::descriptor(), POLLIN, 0}};
  poll(waits, 2, static_cast<int>(patience.count()));
  cancel::check();
  if (waits[0].revents == 0) return std::nullopt;
  char key = 0;
  if (::read(STDIN_FILENO, &key, 1) == 1) return key;
  throw Error(ErrorKind::cancelled, "the terminal is gone");
}

}  // namespace martlet
