#include "migration/source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace martlet {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Nearly every file is plain ASCII, and eight bytes at a time tell so much sooner than a decoder does.
bool is_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  std::size_t at = 0;
  for (; at + sizeof seen <= text.size(); at += sizeof seen) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    seen |= word;
  }
  for (; at < text.size(); ++at) seen |= static_cast<unsigned char>(text[at]) & 0x80U;
  return (seen & 0x8080808080808080ULL) == 0;
}

void require_utf8(const std::string& text, const std::string& file) {
  if (is_ascii(text)) return;
  const auto bad = find_invalid_utf8(text);
  if (!bad) return;
  const LineColumn at = line_column_at(text, *bad);
  const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  throw Error(ErrorKind::validation,
              fmt::format("the file is not UTF-8: byte {} is 0x{:02X}", *bad, static_cast<unsigned char>(text[*bad])))
      .at({file, at.line, at.column})
      .next(utf16 ? "it looks like UTF-16: convert it with `iconv -f UTF-16 -t UTF-8`"
                  : "save the file as UTF-8, for instance with `iconv -f LATIN1 -t UTF-8`");
}

void strip_carriage_returns(std::string& text) {
  const auto first = text.find("\r\n");
  if (first == std::string::npos) return;
  std::size_t to = first;
  for (std::size_t from = first; from < text.size(); ++from) {
    if (text[from] == '\r' && from + 1 < text.size() && text[from + 1] == '\n') continue;
    text[to++] = text[from];
  }
  text.resize(to);
}

Error unreadable(const std::string& path, const std::string& why) {
  return Error(ErrorKind::validation, "cannot read the file: " + why)
      .at({path})
      .next("make it a regular file that this user may read");
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

std::size_t size_of(int descriptor, const std::string& path) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) throw unreadable(path, std::strerror(errno));
  if (!S_ISREG(about.st_mode)) throw unreadable(path, "it is not a regular file");
  if (static_cast<std::size_t>(about.st_size) <= kMaxFileBytes) return static_cast<std::size_t>(about.st_size);
  throw Error(ErrorKind::validation,
              fmt::format("the file has {} bytes; at most {} can be sent to a server", about.st_size, kMaxFileBytes))
      .at({path})
      .next("split it into several migrations, or load the data with COPY from a file of its own");
}

// A folder may hold ten thousand files: four system calls each, and no waiting for a pipe.
std::string read_whole(const std::string& path) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0) throw unreadable(path, std::strerror(errno));
  std::string text(size_of(file.number, path), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = read(file.number, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw unreadable(path, std::strerror(errno));
    if (got == 0) break;  // it was cut short meanwhile
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

}  // namespace

SourceText normalise_source(std::string text, std::string file) {
  require_utf8(text, file);
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  strip_carriage_returns(text);
  return {std::move(text), std::move(file), 1};
}

SourceText read_source(const std::string& path) {
  return normalise_source(read_whole(path), path);
}

}  // namespace martlet
