#include "watch/probe.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/registry.h"
#include "base/text.h"

namespace martlet {
namespace {

struct Multiple {
  std::string_view suffix;
  double bytes;
};
constexpr std::array kMultiples{Multiple{"kb", 1e3}, Multiple{"mb", 1e6}, Multiple{"gb", 1e9}, Multiple{"b", 1}};

double parse_number(std::string_view text, std::string_view what, std::string_view example) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure == std::errc() && end == text.data() + text.size() && number >= 0) return number;
  throw Error(ErrorKind::usage, fmt::format("{}: \"{}\" is no limit", what, text))
      .next(fmt::format("write it like {}, or \"off\"", example));
}

double parse_bytes(std::string_view text, std::string_view what, std::string_view example) {
  const std::string plain = lower(text);
  for (const Multiple& multiple : kMultiples) {
    if (!plain.ends_with(multiple.suffix)) continue;
    const std::string number(trim(plain.substr(0, plain.size() - multiple.suffix.size())));
    return parse_number(number, what, example) * multiple.bytes;
  }
  return parse_number(plain, what, example);
}

std::string show_bytes(double value) {
  if (value >= 1e9) return fmt::format("{:.1f} GB", value / 1e9);
  if (value >= 1e6) return fmt::format("{:.1f} MB", value / 1e6);
  return value >= 1e3 ? fmt::format("{:.1f} kB", value / 1e3) : fmt::format("{:.0f} bytes", value);
}

}  // namespace

double parse_limit(ProbeUnit unit, std::string_view text, std::string_view what) {
  switch (unit) {
    case ProbeUnit::milliseconds:
      return static_cast<double>(parse_duration(text, what).count());
    case ProbeUnit::bytes:
      return parse_bytes(text, what, "64MB");
    case ProbeUnit::bytes_per_second:
      return parse_bytes(text.ends_with("/s") ? text.substr(0, text.size() - 2) : text, what, "20MB/s");
    case ProbeUnit::number:
      return parse_number(text, what, "4");
  }
  return 0;
}

std::string show_value(ProbeUnit unit, double value) {
  switch (unit) {
    case ProbeUnit::milliseconds:
      return show_duration(Milliseconds(static_cast<long long>(value)));
    case ProbeUnit::bytes:
      return show_bytes(value);
    case ProbeUnit::bytes_per_second:
      return show_bytes(value) + "/s";
    case ProbeUnit::number:
      return fmt::format("{:.4g}", value);
  }
  return {};
}

const Probe* find_probe(std::string_view id) {
  for (const Probe* probe : Registry<Probe>::all()) {
    if (probe->id == id) return probe;
  }
  return nullptr;
}

}  // namespace martlet
