#include "base/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/error.h"

namespace martlet {
namespace {

[[noreturn]] void fail(std::string_view action, const std::filesystem::path& path) {
  throw Error(ErrorKind::usage, fmt::format("cannot {} {}: {}", action, path.string(), std::strerror(errno)));
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (file.number() < 0 || fstat(file.number(), &about) != 0) fail("read", path);
  std::string content(static_cast<std::size_t>(about.st_size) + 1, '\0');  // one more, so that the end is seen
  std::size_t filled = 0;
  for (;;) {
    if (filled == content.size()) content.resize(content.size() + 4096);  // it grew, or is a pipe
    const ssize_t got = read(file.number(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

std::string read_beginning(const std::filesystem::path& path, std::size_t size) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content(size, '\0');
  const ssize_t got = file.is_open() ? read(file.number(), content.data(), size) : -1;
  if (got < 0) fail("read", path);
  content.resize(static_cast<std::size_t>(got));
  return content;
}

void write_file(const std::filesystem::path& path, std::string_view content, FileMode mode) {
  const std::string temporary = fmt::format("{}.{}.tmp", path.string(), getpid());
  Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode)));
  if (file.number() < 0) fail("write", path);
  while (!content.empty()) {
    const ssize_t put = write(file.number(), content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("write", path);
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  if (fsync(file.number()) != 0) fail("write", path);
  file.close();
  if (rename(temporary.c_str(), path.c_str()) != 0) fail("write", path);
}

std::vector<std::string> list_folder(const std::filesystem::path& path) {
  DIR* folder = opendir(path.c_str());
  if (!folder) fail("read the folder", path);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace martlet
