#include "history/process.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>

namespace martlet {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "boot id:pid namespace": processes with the same one see the same numbers. Two containers on one machine share the
// boot id, and a container that was started again keeps its host name: neither alone will do.
std::string process_table() {
  std::string boot = file_text("/proc/sys/kernel/random/boot_id");
  while (!boot.empty() && boot.back() == '\n') boot.pop_back();
  std::array<char, 64> space{};
  const ssize_t length = readlink("/proc/self/ns/pid", space.data(), space.size());
  return boot + ":" + std::string(space.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
}

// Field 22 of /proc/PID/stat, in clock ticks since boot; "" where there is no such process or it is a zombie.
std::string start_time(long pid) {
  const std::string stat = file_text("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return "";
  std::istringstream fields(stat.substr(name_end + 1));
  std::string state, field;
  fields >> state;
  if (state == "Z" || state == "X") return "";
  constexpr int kBetweenStateAndStart = 19;
  for (int i = 0; i < kBetweenStateAndStart; ++i) fields >> field;
  return field;
}

}  // namespace

std::string process_mark(long pid) {
  const std::string started = start_time(pid);
  return started.empty() ? "" : process_table() + ":" + started;
}

Liveness liveness(long pid, const std::string& mark) {
  const std::string table = process_table() + ":";
  if (pid <= 0 || !mark.starts_with(table)) return Liveness::unknown;
  return start_time(pid) == mark.substr(table.size()) ? Liveness::alive : Liveness::gone;
}

}  // namespace martlet
