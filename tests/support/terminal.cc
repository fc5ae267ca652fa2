#include "tests/support/terminal.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace martlet::testing {
namespace {

constexpr std::string_view kTop = "\033[H";

[[noreturn]] void become(const Command& command) {
  for (const auto& [name, value] : command.environment) {
    if (value) {
      setenv(name.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name.c_str());
    }
  }
  setenv("TERM", "xterm", 1);
  if (!command.folder.empty() && chdir(command.folder.c_str()) != 0) _exit(126);
  std::vector<char*> words;
  for (const std::string& word : command.arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execv(words[0], words.data());
  _exit(127);
}

}  // namespace

OnTerminal::OnTerminal(const Command& command, unsigned short rows, unsigned short columns) {
  winsize size{rows, columns, 0, 0};
  pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("there is no terminal to be had");
  if (pid_ == 0) become(command);
  fcntl(terminal_, F_SETFL, O_NONBLOCK);
}

OnTerminal::~OnTerminal() {
  close(terminal_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void OnTerminal::type(std::string_view keys) {
  if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error("the terminal takes no keys");
}

void OnTerminal::resize(unsigned short rows, unsigned short columns) {
  const winsize size{rows, columns, 0, 0};
  ioctl(terminal_, TIOCSWINSZ, &size);
}

void OnTerminal::signal(int number) {
  kill(pid_, number);
}

const std::string& OnTerminal::written() {
  char piece[4096];
  for (ssize_t got = 0; (got = read(terminal_, piece, sizeof(piece))) > 0;) {
    written_.append(piece, static_cast<std::size_t>(got));
  }
  return written_;
}

std::string OnTerminal::picture() {
  const std::string& all = written();
  const std::size_t top = all.rfind(kTop);
  return top == std::string::npos ? "" : all.substr(top + kTop.size());
}

int OnTerminal::wait() {
  int status = 0;
  const bool ended = eventually([&] {
    written();  // a full terminal would hold it up
    return waitpid(pid_, &status, WNOHANG) == pid_;
  });
  if (!ended) throw std::runtime_error("it does not end: " + picture());
  pid_ = -1;
  written();
  return status;
}

bool OnTerminal::is_raw() const {
  termios now{};
  tcgetattr(terminal_, &now);
  return (now.c_lflag & (ICANON | ECHO)) == 0;
}

}  // namespace martlet::testing
