#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>

namespace martlet {
namespace {

constexpr int kNoLimit = 1 << 20;

bool set(const char* variable) {
  const char* value = getenv(variable);
  return value && *value;
}

bool takes_color(int descriptor) {
  const char* term = getenv("TERM");
  return isatty(descriptor) && !set("NO_COLOR") && !(term && std::string_view(term) == "dumb");
}

int terminal_width() {
  if (!isatty(STDOUT_FILENO)) return kNoLimit;  // a program or a file reads it: nothing may be cut away
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

char32_t decode(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(at);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t point = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = (point << 6) | (byte(at + i) & 0x3F);
  at += length;
  return point;
}

// Of all bytes at once, which the compiler makes one of many: nearly all that a table of a thousand lines holds.
bool is_ascii(std::string_view text) {
  unsigned char seen = 0;
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return seen < 0x80;
}

struct Range {
  char32_t first, last;
};

// The blocks that terminals draw two columns wide (Unicode Standard Annex 11, W and F).
constexpr std::array kWide{Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},  Range{0x3041, 0xA4CF},
                           Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},  Range{0xFE30, 0xFE6F},
                           Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},  Range{0x1F300, 0x1F64F},
                           Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
constexpr std::array kCombining{Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF},
                                Range{0xFE00, 0xFE0F}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t point) {
  for (const Range& range : ranges) {
    if (point >= range.first && point <= range.last) return true;
  }
  return false;
}

std::size_t width_of(char32_t point) {
  if (point < kCombining.begin()->first) return 1;  // nearly all text: no search
  return within(kCombining, point) ? 0 : within(kWide, point) ? 2 : 1;
}

}  // namespace

OutputOptions detect_terminal() {
  OutputOptions options;
  options.color = takes_color(STDOUT_FILENO);
  options.interactive = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
  options.width = terminal_width();
  return options;
}

bool stderr_has_color() {
  return takes_color(STDERR_FILENO);
}

std::size_t display_width(std::string_view text) {
  if (is_ascii(text)) return text.size();
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(decode(text, at));
  return width;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t next = at;
    const std::size_t wide = width_of(decode(text, next));
    if (used + wide + 1 > width) break;
    used += wide;
    at = next;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return line;
}

}  // namespace martlet
