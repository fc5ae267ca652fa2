#include "history/time.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace martlet {

namespace {

// The last digits of `value`, one for each 0 that stands at `at`.
void put(std::string& text, std::size_t at, std::size_t digits, long long value) {
  for (; digits-- > 0; value /= 10) text[at + digits] = static_cast<char>('0' + value % 10);
}

}  // namespace

// Each row of the ledger has one: digit by digit, as strftime() takes longer than all else about a row.
std::string iso_from_ms(long long ms_since_1970) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{milliseconds(ms_since_1970)};
  const auto midnight = floor<days>(at);
  const year_month_day date(midnight);
  const hh_mm_ss clock(at - midnight);
  std::string text = "0000-00-00T00:00:00.000Z";
  put(text, 0, 4, static_cast<int>(date.year()));
  put(text, 5, 2, static_cast<unsigned>(date.month()));
  put(text, 8, 2, static_cast<unsigned>(date.day()));
  put(text, 11, 2, clock.hours().count());
  put(text, 14, 2, clock.minutes().count());
  put(text, 17, 2, clock.seconds().count());
  put(text, 20, 3, clock.subseconds().count());
  return text;
}

std::string iso_later(const std::string& iso, std::chrono::milliseconds by) {
  std::tm parts{};
  strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  long long fraction = 0;
  const auto point = std::min(iso.find('.'), iso.size());
  if (point < iso.size()) std::from_chars(iso.data() + point + 1, iso.data() + iso.size(), fraction);
  return iso_from_ms(static_cast<long long>(timegm(&parts)) * 1000 + fraction + by.count());
}

std::string iso_from_epoch(std::string_view seconds_since_1970) {
  const auto point = std::min(seconds_since_1970.find('.'), seconds_since_1970.size());
  std::string digits(seconds_since_1970.substr(0, point));
  for (std::size_t at = point + 1; at <= point + 3; ++at) {
    digits += at < seconds_since_1970.size() ? seconds_since_1970[at] : '0';
  }
  long long milliseconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), milliseconds);
  return iso_from_ms(milliseconds);
}

}  // namespace martlet
