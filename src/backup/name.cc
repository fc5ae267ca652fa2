#include "backup/name.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace martlet {
namespace {

using namespace std::chrono;
constexpr std::string_view kBackup = "_backup_";
constexpr std::size_t kTimeSize = 15;  // YYYYMMDD_HHMMSS

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

std::optional<int> digits(std::string_view text) {
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
  return number;
}

struct Fields {
  year_month_day date;
  hh_mm_ss<seconds> clock;
};

Fields fields_of(sys_seconds time) {
  const auto day = floor<days>(time);
  return {year_month_day(day), hh_mm_ss<seconds>(time - day)};
}

}  // namespace

std::string file_word(std::string_view text) {
  std::string word(text);
  std::ranges::replace_if(
      word, [](char c) { return !is_plain(c); }, '-');
  return word;
}

std::string compact_time(sys_seconds time) {
  const Fields at = fields_of(time);
  return fmt::format("{:04}{:02}{:02}_{:02}{:02}{:02}", static_cast<int>(at.date.year()),
                     static_cast<unsigned>(at.date.month()), static_cast<unsigned>(at.date.day()),
                     at.clock.hours().count(), at.clock.minutes().count(), at.clock.seconds().count());
}

std::string iso_time(sys_seconds time) {
  const std::string compact = compact_time(time);
  return fmt::format("{}-{}-{}T{}:{}:{}Z", compact.substr(0, 4), compact.substr(4, 2), compact.substr(6, 2),
                     compact.substr(9, 2), compact.substr(11, 2), compact.substr(13, 2));
}

std::optional<sys_seconds> parse_compact_time(std::string_view text) {
  if (text.size() != kTimeSize || text[8] != '_') return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) { return digits(text.substr(at, size)); };
  const auto y = part(0, 4), mo = part(4, 2), d = part(6, 2), h = part(9, 2), mi = part(11, 2), s = part(13, 2);
  if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*mo)), day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  return sys_days(date) + hours(*h) + minutes(*mi) + seconds(*s);
}

sys_seconds now_seconds() {
  return floor<seconds>(system_clock::now());
}

std::string BackupName::file() const {
  const std::string suffix = name.empty() ? "" : "_" + file_word(name);
  const std::string prefix = environment.empty() ? "db" : file_word(environment);
  return fmt::format("{}{}{}_{}{}{}", prefix, kBackup, type_name(type), compact_time(time), suffix, kBackupSuffix);
}

std::optional<BackupName> BackupName::parse(std::string_view file) {
  if (!file.ends_with(kBackupSuffix)) return std::nullopt;
  file.remove_suffix(kBackupSuffix.size());
  const std::size_t at = file.find(kBackup);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  std::string_view rest = file.substr(at + kBackup.size());
  const std::size_t line = rest.find('_');
  if (line == std::string_view::npos) return std::nullopt;
  BackupName parsed{.environment = std::string(file.substr(0, at))};
  try {
    parsed.type = type_from(rest.substr(0, line));
  } catch (const Error&) {
    return std::nullopt;
  }
  rest.remove_prefix(line + 1);
  const auto time = parse_compact_time(rest.substr(0, kTimeSize));
  rest.remove_prefix(std::min(kTimeSize, rest.size()));
  if (!time || (!rest.empty() && (rest.front() != '_' || rest.size() == 1))) return std::nullopt;
  parsed.time = *time;
  if (!rest.empty()) parsed.name = rest.substr(1);
  return parsed;
}

}  // namespace martlet
