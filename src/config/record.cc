#include <fmt/format.h>

#include "config/records.h"

namespace martlet {

const ConfigRecord::Field& ConfigRecord::field(std::string_view key) const {
  static const Field kNone;
  const auto found = fields.find(key);
  return found == fields.end() ? kNone : found->second;
}

bool ConfigRecord::is_set(std::string_view key) const {
  const Field& found = field(key);
  return !found.text.empty() || !found.problem.empty();
}

Place ConfigRecord::place_of(std::string_view key) const {
  const Field& found = field(key);
  return found.place.known() ? found.place : place;
}

std::string ConfigRecord::text(std::string_view key) const {
  const Field& found = field(key);
  if (found.problem.empty()) return found.text;
  throw Error(ErrorKind::usage, found.problem).at(found.place).next("set it, then run again");
}

Milliseconds ConfigRecord::duration(std::string_view key) const {
  return parse_duration(text(key), fmt::format("{} of [[{}]]", key, kind));
}

long ConfigRecord::number(std::string_view key) const {
  const std::string digits = text(key);
  return digits.empty() ? 0 : std::stol(digits);  // the reader took whole numbers only
}

Error ConfigRecord::wrong(std::string_view key, std::string message) const {
  return Error(ErrorKind::usage, std::move(message)).at(place_of(key));
}

std::vector<ConfigRecord> Config::records(std::string_view kind) const {
  std::vector<ConfigRecord> found;
  for (const ConfigRecord& record : records_) {
    if (record.kind == kind) found.push_back(record);
  }
  return found;
}

}  // namespace martlet
