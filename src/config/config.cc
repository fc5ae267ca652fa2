#include "config/config.h"

#include <fmt/format.h>

#include <charconv>

#include "base/secret.h"
#include "base/text.h"

namespace martlet {
namespace {

Error wrong_type(std::string_view key, const ConfigValue& value, std::string_view wanted) {
  return Error(ErrorKind::usage,
               fmt::format("{} is \"{}\" ({}), but must be {}", key, value.text, value.source, wanted));
}

}  // namespace

std::string Config::text(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return {};
  const ConfigValue& value = found->second;
  if (value.problem.empty()) return value.text;
  throw Error(ErrorKind::usage, value.problem)
      .next(fmt::format("set it, or give the value of {} another way (`martlet config` shows where each came from)",
                        key));
}

bool Config::flag(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return false;
  const std::string word = lower(found->second.text);
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off" || word.empty()) return false;
  throw wrong_type(key, found->second, "true or false");
}

long Config::number(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return 0;
  const std::string& digits = found->second.text;
  long number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem != std::errc() || end != digits.data() + digits.size())
    throw wrong_type(key, found->second, "a whole number");
  return number;
}

Milliseconds Config::duration(std::string_view key) const {
  const std::string value = text(key);
  return value.empty() ? Milliseconds(0) : parse_duration(value, fmt::format("{} ({})", key, source(key)));
}

std::vector<std::string> Config::list(std::string_view key) const {
  return split_list(text(key));
}

bool Config::is_set(std::string_view key) const {
  const auto found = values_.find(key);
  return found != values_.end() && (!found->second.text.empty() || !found->second.problem.empty());
}

std::string Config::source(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::string() : found->second.source;
}

std::string Config::problem(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::string() : found->second.problem;
}

std::vector<std::pair<const ConfigKey*, ConfigValue>> Config::shown() const {
  std::vector<std::pair<const ConfigKey*, ConfigValue>> rows;
  for (const ConfigKey& key : config_keys()) {
    const auto found = values_.find(key.name);
    ConfigValue value = found == values_.end() ? ConfigValue{} : found->second;
    const bool all_secret = key.type == ConfigType::credential && !value.text.empty();
    value.text = all_secret ? "***" : mask_passwords(value.text);
    rows.emplace_back(&key, std::move(value));
  }
  return rows;
}

}  // namespace martlet
