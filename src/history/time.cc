#include "history/time.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace martlet {

std::string iso_from_ms(long long ms_since_1970) {
  const std::time_t seconds = static_cast<std::time_t>(ms_since_1970 / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::string fraction = std::to_string(1000 + ms_since_1970 % 1000);
  return std::string(text, length) + "." + fraction.substr(1) + "Z";
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
