#include "base/duration.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/error.h"

namespace martlet {
namespace {

struct Unit {
  std::string_view name;
  double milliseconds;
};

constexpr std::array kUnits{Unit{"", 1},       Unit{"ms", 1},     Unit{"s", 1e3},    Unit{"m", 60e3},
                            Unit{"min", 60e3}, Unit{"h", 3600e3}, Unit{"d", 86400e3}};

}  // namespace

Milliseconds parse_duration(std::string_view text, std::string_view what) {
  double number = 0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit(rest, text.data() + text.size() - rest);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (failure == std::errc() && number >= 0 && std::isfinite(number)) {
    for (const Unit& known : kUnits) {
      if (unit == known.name) return Milliseconds(std::llround(number * known.milliseconds));
    }
  }
  throw Error(ErrorKind::usage, fmt::format("{}: \"{}\" is not a duration", what, text))
      .next("write it like 250ms, 2s, 5min, 1h or 7d");
}

std::string show_duration(Milliseconds duration) {
  const long ms = duration.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{:.1f} s", ms / 1e3);
  const long seconds = ms / 1000;
  if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace martlet
