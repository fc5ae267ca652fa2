#include "base/failpoint.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <string>

#include "base/error.h"

namespace martlet {
namespace {

struct Armed {
  std::string name;
  int passes_left = 1;
  bool throws = false;
};

Armed parse(std::string rest) {
  Armed armed;
  const auto next_word = [&rest] {
    const auto colon = rest.find(':');
    const std::string word = rest.substr(0, colon);
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
    return word;
  };
  armed.name = next_word();
  while (!rest.empty()) {
    const std::string word = next_word();
    if (word == "error") {
      armed.throws = true;
    } else {
      armed.passes_left = std::atoi(word.c_str());
    }
  }
  return armed;
}

}  // namespace

void failpoint(std::string_view name) {
  static std::mutex mutex;  // several workers may pass at once
  const std::lock_guard lock(mutex);
  // Read at every pass: a test arms a process that it has forked, after its own code has passed here.
  static std::string text;
  static Armed armed;
  const char* variable = std::getenv("MARTLET_FAILPOINT");
  if (text != (variable ? variable : "")) armed = parse(text = variable ? variable : "");
  if (armed.name.empty() || armed.name != name || --armed.passes_left != 0) return;
  if (armed.throws) throw Error(ErrorKind::migration_failed, "failpoint " + armed.name);
  kill(getpid(), SIGKILL);
}

}  // namespace martlet
